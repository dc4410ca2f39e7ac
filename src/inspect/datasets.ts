import { auditDataset } from './audit/audit.js';
import { datasets as known } from '../datasets/catalogue.js';
import { describeDataset } from './describe/describe.js';

/**
 * The datasets as the library gives them. What reads a test split without a selected model is put beside the rest here and
 * not in datasets/catalogue.ts, which training imports: training cannot reach it.
 */
export const datasets = { ...known, describe: describeDataset, audit: auditDataset };
