import { checkOptions } from '../base/check-options.js';
import { AdvError } from '../base/errors.js';
import type { NativeCell } from '../engine/addon.js';
import { defaultThreads } from '../recipe/execution.js';
import { configurationsOf, type Configuration } from './configurations.js';
import type { BenchRegime } from './flops.js';
import { benchOptions, benchRegimes, configurationNames, peerNames, type BenchOptions } from './options.js';
import { allPeers } from './peers/all.js';
import type { Peer } from './peers/peer.js';

/** What is to be measured. */
export interface BenchPlan {
  /** Cell of all configurations. */
  readonly cell: NativeCell;
  readonly configurations: readonly Configuration[];
  readonly regimes: readonly BenchRegime[];
  readonly peers: readonly Peer[];
  readonly rounds: number;
  /** How long a participant goes on stepping in its turn, at least; see warmStep(). */
  readonly turnMilliseconds: number;
  readonly threads: number;
}

/** What a scaling run has no use for. */
const notForScaling = ['configurations', 'peers', 'svg'] as const;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws AdvError USAGE that names the option, what was expected and what came
 */
export function planBench(options: BenchOptions): BenchPlan {
  checkOptions(options, benchOptions);
  const clash = options.scaling === true && notForScaling.find((name) => options[name] !== undefined);
  if (clash) {
    throw new AdvError(
      'USAGE',
      `--${clash} cannot be combined with --scaling, which measures the engine alone on sizes of its own`,
      'Leave one of them out.',
    );
  }
  const names = options.peers === 'none' ? [] : list('--peers', options.peers, peerNames, "or 'none'");
  const wanted: readonly string[] = list('--configurations', options.configurations, configurationNames);
  const cell = options.cell ?? 'gru';
  return {
    cell,
    configurations: configurationsOf(cell).filter(({ name }) => wanted.includes(name)),
    regimes: list('--regimes', options.regimes, benchRegimes),
    peers: allPeers.filter(({ name }) => names.includes(name)),
    rounds: options.rounds ?? 7,
    turnMilliseconds: 300,
    threads: options.threads ?? defaultThreads(),
  };
}

/** Names of a comma-separated list in the order of `known`, each once; all of them where nothing is said. */
function list<Name extends string>(
  option: string,
  typed: string | undefined,
  known: readonly Name[],
  otherwise = '',
): Name[] {
  if (typed === undefined) return [...known];
  const names = typed.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !(known as readonly string[]).includes(name));
  if (wrong !== undefined) {
    const expected = `expected names among ${known.join(', ')}, separated by commas${otherwise && `, ${otherwise}`}`;
    throw new AdvError('USAGE', `${option}: ${expected}, got '${wrong}'`);
  }
  return known.filter((name) => names.includes(name));
}
