import type { SplitName } from '../split-names.js';
import type { DatasetFile } from '../../files/types.js';
import type { Doubt } from './doubt.js';
import type { ExampleSketch } from './example-sketch.js';

/** A split that is compared with the others. */
export interface ComparedSplit {
  readonly split: SplitName;
  readonly sketch: ExampleSketch;
  /** Undefined where the examples come from no file of their own. */
  readonly file: DatasetFile | undefined;
}

/** Share of a split's examples in another from which on it is told: data made of templates repeats itself as well. */
const most = 1 / 2;

const names: Readonly<Record<SplitName, string>> = { train: 'training', valid: 'validation', test: 'test' };

const advice =
  'A model is judged by texts that it has neither learnt nor been selected by: give each split texts of its own ' +
  '(where no validation data is given, a tenth of the training data is held out).';

/** What two splits share. */
interface Overlap extends Pick<Doubt, 'splits' | 'share' | 'count'> {
  readonly what: string;
}

/**
 * One doubt of all splits that are one file, whatever its names, or of which one has half of its examples or more from another.
 *
 * @param compared in the order in which they are read
 */
export function sameData(compared: readonly ComparedSplit[]): Doubt[] {
  const groups = byFile(compared);
  const firsts = groups.flatMap(([first]) => first ?? []);
  const overlaps = [...groups.filter(({ length }) => length > 1).map(sameFile), ...commonExamples(firsts)];
  const last = overlaps.at(-1);
  if (last === undefined) return [];
  return [
    {
      code: 'SAME_DATA',
      message: `${overlaps.map(({ what }) => what).join('; ')}. ${advice}`,
      splits: compared
        .map(({ split }) => split)
        .filter((split) => overlaps.some(({ splits }) => splits.includes(split))),
      count: last.count,
      share: last.share,
      examples: [],
    },
  ];
}

/** Splits of one content together. */
function byFile(compared: readonly ComparedSplit[]): ComparedSplit[][] {
  const groups: ComparedSplit[][] = [];
  for (const one of compared) {
    const group = groups.find(
      ([first]) => first?.file !== undefined && first.file.sha256 === one.file?.sha256,
    );
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return groups;
}

function sameFile(group: readonly ComparedSplit[]): Overlap {
  const splits = group.map(({ split }) => split);
  const files = new Set(group.map(({ file }) => file?.name ?? ''));
  const all = splits.map((split) => names[split]);
  const roles = `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''} data`;
  return {
    what: `one file is ${roles}: ${[...files].join(', ')}`,
    splits,
    share: 1,
    count: group.at(-1)?.sketch.count ?? 0,
  };
}

/** Each pair of different files of which the later one has most of its examples from the earlier. */
function commonExamples(splits: readonly ComparedSplit[]): Overlap[] {
  return splits.flatMap((later, place) =>
    splits.slice(0, place).flatMap((earlier) => {
      const share = later.sketch.shareIn(earlier.sketch);
      if (!(share >= most)) return [];
      const percent = share === 1 ? 'all' : `${Math.floor(100 * share)} %`;
      return [
        {
          what: `${percent} of the ${names[later.split]} examples are in the ${names[earlier.split]} data too, with the same labels`,
          splits: [earlier.split, later.split],
          share,
          count: Math.round(share * later.sketch.count),
        },
      ];
    }),
  );
}
