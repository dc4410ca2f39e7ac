import { median } from '../statistics/median.js';
import { at } from '../data/at.js';
import type { CaseRounds, PeerRounds } from './case.js';
import type { Profile } from './engine.js';
import { recurrentFlop, stepFlop } from './flops.js';
import type { CaseResult, MeasuredPeer, Speed } from './result.js';
import { tokensOf } from './work.js';

/** Parts of a profile that belong to the recurrent layers; the first one is absent where nothing is packed. */
const recurrentParts = ['wall.pack', 'wall.recurrentForward', 'wall.recurrentBackward'] as const;

/** Medians, rates and ratios of the rounds of one case. */
export function summarize(rounds: CaseRounds): CaseResult {
  const { configuration, work, ceilings } = rounds;
  const { name, description, T, B, V, E, H, M, C } = configuration;
  const tokens = tokensOf(work.batch);
  const flop = {
    step: stepFlop(configuration, tokens, B, work.regime),
    recurrent: recurrentFlop(configuration, tokens, work.regime),
  };
  const peaks = ceilings.map(({ gflops }) => gflops);
  const engine = speedOf(
    rounds.engine.map(({ milliseconds }) => milliseconds),
    flop.step,
    peaks,
  );
  const recurrent = recurrentSpeed(rounds, flop.recurrent, peaks);
  return {
    configuration: name,
    description,
    regime: work.regime,
    sizes: { B, V, E, H, M, C },
    T,
    tokens,
    flop,
    ceilings: {
      gflops: median(peaks),
      gigabytesPerSecond: median(ceilings.map(({ gigabytesPerSecond }) => gigabytesPerSecond)),
    },
    engine: { ...engine, tokensPerSecond: (1000 * tokens) / engine.milliseconds },
    recurrent,
    profile: medianProfile(rounds.profiled.map(({ profile }) => profile ?? {})),
    peers: rounds.peers.map((peer) =>
      'status' in peer ? peer : summarizePeer(peer, { tokens, flop, peaks, engine, recurrent }),
    ),
  };
}

interface Against {
  readonly tokens: number;
  readonly flop: CaseResult['flop'];
  readonly peaks: readonly number[];
  readonly engine: Speed;
  readonly recurrent: Speed | null;
}

function summarizePeer({ running, measurements }: PeerRounds, against: Against): MeasuredPeer {
  const { peer, version, threads, lossDifference } = running;
  const scale = against.tokens / running.tokens;
  const times = measurements.map(({ milliseconds }) => milliseconds * scale);
  const ours = (peer.covers === 'recurrent' ? against.recurrent : null) ?? against.engine;
  return {
    name: peer.name,
    title: peer.title,
    status: 'measured',
    version,
    threads,
    covers: peer.covers,
    comparedWith: ours === against.recurrent ? 'recurrent' : 'step',
    ratio: median(times.map((time, round) => time / at(ours.roundMilliseconds, round))),
    lossDifference,
    extrapolated: scale !== 1,
    measuredT: running.longest,
    ...speedOf(times, against.flop[peer.covers], against.peaks),
  };
}

function speedOf(times: readonly number[], flop: number, peaks: readonly number[]): Speed {
  const rates = times.map((milliseconds) => flop / milliseconds / 1e6);
  return {
    milliseconds: median(times),
    roundMilliseconds: times,
    gflops: median(rates),
    shareOfPeak: median(rates.map((rate, round) => rate / at(peaks, round))),
  };
}

/** Speed of the engine's recurrent part in its profiled steps; null where the profile does not tell it. */
function recurrentSpeed({ profiled }: CaseRounds, flop: number, peaks: readonly number[]): Speed | null {
  const times = profiled.flatMap(({ profile }) => recurrentMilliseconds(profile) ?? []);
  return times.length > 0 && times.length === profiled.length ? speedOf(times, flop, peaks) : null;
}

function recurrentMilliseconds(profile: Profile = {}): number | undefined {
  if (profile['wall.recurrentForward'] === undefined) return undefined;
  return recurrentParts.reduce((sum, part) => sum + (profile[part] ?? 0), 0);
}

function medianProfile(profiles: readonly Profile[]): Profile | null {
  const [first] = profiles;
  if (first === undefined) return null;
  const parts = Object.keys(first).map((part) => [part, median(profiles.map((each) => each[part] ?? 0))]);
  return Object.fromEntries(parts) as Profile;
}
