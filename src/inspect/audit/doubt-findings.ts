import type { WarningCode } from '../../base/warnings.js';
import type { Doubt } from '../../datasets/doubts/doubt.js';
import { clauseDoubts } from '../../datasets/doubts/scripts.js';
import { tokenizerOf } from '../../text/tokenizers/pipeline.js';
import type { Dataset } from '../../datasets/types.js';
import type { Example } from '../../text/types.js';
import { excerpt } from './draft.js';
import { severityOf, type Finding, type FindingKind, type Severity } from './finding.js';

const kinds: Readonly<Partial<Record<WarningCode, FindingKind>>> = {
  QUOTED_FIELDS: 'quoted-fields',
  SIMILAR_LABELS: 'similar-labels',
  MISSING_VALUE_LABELS: 'missing-value-label',
  SINGLE_EXAMPLE_CLASSES: 'single-example-classes',
  SAME_DATA: 'same-data',
  SCRIPT_WITHOUT_SPACES: 'script-without-spaces',
};

/**
 * What training would warn of, as findings. That a script has no spaces is one in any case, and no more than a note where the data is read by
 * characters.
 *
 * @param examples shown of each
 */
export function doubtFindings(dataset: Dataset, examples: number): Finding[] {
  const { doubts = [], sample = [], level, defaults } = dataset;
  const clauses = clauseDoubts(sample, tokenizerOf(defaults.word.tokenizer), level === 'word');
  return [
    ...doubts.flatMap((doubt) => findingOf(doubt, examples)),
    ...clauses.flatMap((doubt) => findingOf(doubt, examples, level === 'char' ? 'note' : 'warning')),
  ];
}

function findingOf(doubt: Doubt, examples: number, severity?: Severity): Finding[] {
  const { code, message, splits, count, share } = doubt;
  const kind = kinds[code];
  if (kind === undefined) return [];
  const shown = doubt.examples.slice(0, examples).map(excerpted);
  return [{ kind, severity: severity ?? severityOf(kind), splits, message, count, share, examples: shown }];
}

function excerpted({ id, label, text }: Example): Finding['examples'][number] {
  return { texts: [{ id, label, text: excerpt(text) }] };
}
