import type { Warning } from '../../base/warnings.js';
import type { Dataset } from '../types.js';
import type { Tokenizer } from '../../text/types.js';
import { warningsOf } from './doubt.js';
import { clauseDoubts } from './scripts.js';

/** What to warn of when a dataset is read by a tokenizer: what is likely wrong with the data, and with that way of reading it. */
export function warningsFor({ facts, sample = [] }: Dataset, tokenizer: Tokenizer): Warning[] {
  return [...(facts.warnings ?? []), ...warningsOf(clauseDoubts(sample, tokenizer))];
}
