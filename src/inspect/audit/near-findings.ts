import { Tallies } from '../../base/tally.js';
import type { Watch } from '../../base/events.js';
import { at } from '../../base/at.js';
import { splitNames, type SplitName } from '../../datasets/split-names.js';
import { draftOf, type Draft } from './draft.js';
import { bitOf } from './duplicate-findings.js';
import { findNearDuplicates } from './near-duplicates.js';
import type { NearDuplicates, NearPair } from './near-pairs.js';
import type { Records } from './records.js';

/** How a search for near duplicates went. */
export type NearSearch = Omit<NearDuplicates, 'near'>;

/** The first pairs of each two splits that have near duplicates of each other, by {@link keyOf}. */
type PairSamples = Tallies<NearPair>;

/** Names two splits, the earlier one first, or one twice. */
function keyOf(first: SplitName, second: SplitName): string {
  return `${first} ${second}`;
}

/** @param splits for each text, which splits have it */
function addPair(
  samples: PairSamples,
  { texts: [later, earlier], similarity }: NearPair,
  splits: Uint8Array,
): void {
  for (const first of splitsIn(at(splits, earlier))) {
    for (const second of splitsIn(at(splits, later))) {
      const inOrder = splitNames.indexOf(first) <= splitNames.indexOf(second);
      const sample = samples.of(inOrder ? keyOf(first, second) : keyOf(second, first));
      sample.add(() => ({ texts: inOrder ? [earlier, later] : [later, earlier], similarity }));
    }
  }
}

/**
 * Finds near duplicates in a split and between two.
 *
 * @param splits for each text, which splits have it, a bit each
 * @param threshold least Jaccard similarity
 * @param examples pairs that are shown
 * @throws AdvError INTERRUPTED, STORAGE
 */
export async function compareNearTexts(
  records: Records,
  splits: Uint8Array,
  { threshold, examples }: { readonly threshold: number; readonly examples: number },
  watch: Watch,
): Promise<{ readonly drafts: readonly Draft[]; readonly search: NearSearch }> {
  const samples = new Tallies<NearPair>(examples);
  const onPair = (pair: NearPair): void => {
    addPair(samples, pair, splits);
  };
  const { near, ...search } = await findNearDuplicates(records.sketched(splits), threshold, onPair, watch);
  const drafts = splitNames.flatMap((split, place) =>
    splitNames.slice(0, place + 1).flatMap((other) => draftsOf(records, near, samples, other, split)),
  );
  return { drafts, search };
}

/** What examples of `split` have in `other`, which is an earlier split or the same. */
function draftsOf(
  records: Records,
  near: Uint8Array,
  samples: PairSamples,
  other: SplitName,
  split: SplitName,
): Draft[] {
  let count = 0;
  const { from, to } = records.rowsOf(split);
  for (let row = from; row < to; row++) {
    if ((at(near, records.textOf(row)) & bitOf(other)) !== 0) count += 1;
  }
  const kind = other === split ? 'near-duplicates' : 'near-leakage';
  const splits = other === split ? [split] : [other, split];
  const pairs = samples.of(keyOf(other, split)).first;
  const rows = pairs.map(({ texts: [a, b] }) => [records.find(other, a) ?? 0, records.find(split, b) ?? 0]);
  return draftOf(kind, splits, { count, first: [] }, records, `with a near duplicate in ${other}`).map(
    (draft) => ({
      ...draft,
      rows,
      similarities: pairs.map(({ similarity }) => similarity),
    }),
  );
}

function splitsIn(bits: number): SplitName[] {
  return splitNames.filter((split) => (bits & bitOf(split)) !== 0);
}
