import { at } from '../base/at.js';
import { AdvError } from '../base/errors.js';
import { shownValue } from '../base/shown.js';
import type { TimeSlices } from '../base/time-slices.js';
import { finiteValues } from './finite.js';

/** The losses of one run of an arm on the test examples. */
export interface SeedLosses {
  /** The run's seed, an integer; no two runs of an arm have the same. */
  readonly seed: number;
  /** One a test example, of which every run has the same, in the same order. */
  readonly losses: ArrayLike<number>;
}

/** Rows of losses that are resampled together. */
export interface RowGroup {
  /** A row a seed, [examples]. */
  readonly rows: readonly Float64Array[];
  /** 1 where the mean of the rows is added, -1 where it is taken away. */
  readonly sign: 1 | -1;
}

/** What of two arms is compared. */
export interface ComparedArms {
  /** Test examples, the same for all runs. */
  readonly examples: number;
  /** Seeds that count of each arm. */
  readonly seeds: { readonly a: number; readonly b: number };
  /** Whether seeds are compared in pairs: when the arms share at least two. */
  readonly paired: boolean;
  /** Seeds that only one arm has, and that are left out because the arms are compared in pairs. */
  readonly leftOut: { readonly a: readonly number[]; readonly b: readonly number[] };
}

/** Two arms as groups of rows whose signed means add up to the difference b − a. */
export interface ArmRows {
  readonly arms: ComparedArms;
  readonly groups: readonly RowGroup[];
}

type Arm = readonly SeedLosses[];

/**
 * Pairs the runs of two arms by seed where they share at least two: each pair becomes a row of differences. Otherwise both arms keep
 * all their runs. Rows are in the order of the seeds.
 *
 * @param test what asks for it, for the messages
 * @throws AdvError USAGE when an arm has no run, a seed is no integer or occurs twice, the runs have different numbers of examples or fewer
 *   than 2, or a loss is not finite; INTERRUPTED
 */
export async function compareArms(test: string, a: Arm, b: Arm, slices: TimeSlices): Promise<ArmRows> {
  const examples = commonLength(test, [...a, ...b]);
  const ofA = await rowsBySeed(test, 'a', a, slices);
  const ofB = await rowsBySeed(test, 'b', b, slices);
  const shared = [...ofA.keys()].filter((seed) => ofB.has(seed));
  if (shared.length < 2) {
    const seeds = { a: a.length, b: b.length };
    return {
      arms: { examples, seeds, paired: false, leftOut: { a: [], b: [] } },
      groups: [
        { rows: [...ofB.values()], sign: 1 },
        { rows: [...ofA.values()], sign: -1 },
      ],
    };
  }
  const rows: Float64Array[] = [];
  for (const seed of shared) {
    const [rowA, rowB] = [ofA.get(seed) ?? [], ofB.get(seed) ?? new Float64Array()];
    rows.push(rowB.map((loss, place) => loss - at(rowA, place)));
    if (slices.isOver) await slices.pause();
  }
  const seeds = { a: rows.length, b: rows.length };
  const leftOut = { a: seedsOnlyOf(ofA, ofB), b: seedsOnlyOf(ofB, ofA) };
  return { arms: { examples, seeds, paired: true, leftOut }, groups: [{ rows, sign: 1 }] };
}

type Rows = ReadonlyMap<number, Float64Array>;

const seedsOnlyOf = (one: Rows, other: Rows): number[] => [...one.keys()].filter((seed) => !other.has(seed));

async function rowsBySeed(test: string, name: string, arm: Arm, slices: TimeSlices): Promise<Rows> {
  if (arm.length === 0) throw new AdvError('USAGE', `${test} expects at least 1 run of ${name}, got none`);
  const rows = new Map<number, Float64Array>();
  for (const { seed, losses } of arm.toSorted((one, other) => one.seed - other.seed)) {
    if (!Number.isSafeInteger(seed) || rows.has(seed)) {
      const came = rows.has(seed) ? `${seed} twice` : shownValue(seed);
      throw new AdvError(
        'USAGE',
        `${test} expects an integer of its own as the seed of each run, got ${came} in ${name}`,
      );
    }
    rows.set(seed, finiteValues(test, losses, `losses of seed ${seed} of ${name}`, 2));
    if (slices.isOver) await slices.pause();
  }
  return rows;
}

function commonLength(test: string, runs: Arm): number {
  const lengths = new Set(runs.map(({ losses }) => losses.length));
  const [length = 0, other] = lengths;
  if (other === undefined) return length;
  throw new AdvError(
    'USAGE',
    `${test} expects as many losses of each run, got ${length} and ${other}`,
    'Test all runs on the same examples.',
  );
}
