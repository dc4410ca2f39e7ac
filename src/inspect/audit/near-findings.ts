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

/** The first pairs of each two splits that have near duplicates of each other. */
class PairSamples {
  readonly #keep: number;
  readonly #pairs = new Map<string, NearPair[]>();

  constructor(keep: number) {
    this.#keep = keep;
  }

  /** The pairs whose first text is in one split and whose second is in another, or in the same. */
  of(first: SplitName, second: SplitName): NearPair[] {
    const key = `${first} ${second}`;
    const known = this.#pairs.get(key) ?? [];
    this.#pairs.set(key, known);
    return known;
  }

  /** @param splits for each text, which splits have it */
  add({ texts: [later, earlier], similarity }: NearPair, splits: Uint8Array): void {
    const [a, b] = [earlier, later].map((text) => splitsIn(at(splits, text)));
    for (const first of a ?? []) {
      for (const second of b ?? []) {
        const inOrder = splitNames.indexOf(first) <= splitNames.indexOf(second);
        const sample = inOrder ? this.of(first, second) : this.of(second, first);
        if (sample.length >= this.#keep) continue;
        sample.push({ texts: inOrder ? [earlier, later] : [later, earlier], similarity });
      }
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
  const samples = new PairSamples(examples);
  const onPair = (pair: NearPair): void => {
    samples.add(pair, splits);
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
  const pairs = samples.of(other, split);
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
