import { auditDataset } from './data/audit/audit.js';
import { datasets as known } from './data/datasets.js';
import { describeDataset } from './data/describe/describe.js';

/**
 * The datasets as the library gives them. What reads a test split without a selected model is put beside the rest here and
 * not in data/datasets.ts, which training imports: training cannot reach it.
 */
export const datasets = { ...known, describe: describeDataset, audit: auditDataset };
