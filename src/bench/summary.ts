import { median } from '../statistics/median.js';
import { at } from '../base/at.js';
import { longestText } from './batch.js';
import type { CaseRounds } from './case.js';
import type { NativeBatch, NativeProfile } from '../engine/addon.js';
import { recurrentFlop, stepFlop } from './flops.js';
import type { RunningPeer } from './participants.js';
import type { CaseResult, MeasuredPeer, Speed } from './result.js';
import { tokensOf } from './work.js';

/** Parts of a profile that belong to the recurrent layers. */
const recurrentParts = ['wall.pack', 'wall.recurrentForward', 'wall.recurrentBackward'];

/** Medians, rates and ratios of the rounds of one case. */
export function summarize(rounds: CaseRounds): CaseResult {
  const { configuration, work, ceilings } = rounds;
  const { name, description, T, B, V, E, H, M, C } = configuration;
  const { pooling, subwords = null, ema, weightDecay } = configuration;
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
  const profiles = rounds.engine.map(({ profile }) => profile);
  const recurrent = speedOf(profiles.map(recurrentMilliseconds), flop.recurrent, peaks);
  return {
    configuration: name,
    description,
    regime: work.regime,
    sizes: { B, V, E, H, M, C },
    model: { pooling, subwords, ema, weightDecay },
    words: wordsOf(work.batch),
    T,
    tokens,
    flop,
    ceilings: {
      gflops: median(peaks),
      gigabytesPerSecond: median(ceilings.map(({ gigabytesPerSecond }) => gigabytesPerSecond)),
    },
    engine: { ...engine, tokensPerSecond: (1000 * tokens) / engine.milliseconds },
    recurrent,
    profile: medianProfile(profiles),
    peers: rounds.peers.map((peer) =>
      'status' in peer ? peer : summarizePeer(peer, { tokens, flop, peaks, engine, recurrent }),
    ),
  };
}

function wordsOf({ words }: NativeBatch): CaseResult['words'] {
  if (words === undefined) return null;
  return { U: words.ids.length, K: words.buckets.length, buckets: new Set(words.buckets).size };
}

interface Against {
  readonly tokens: number;
  readonly flop: CaseResult['flop'];
  readonly peaks: readonly number[];
  readonly engine: Speed;
  readonly recurrent: Speed;
}

function summarizePeer(running: RunningPeer, against: Against): MeasuredPeer {
  const { peer, introduction, lossDifference, batch, measurements } = running;
  const scale = against.tokens / tokensOf(batch);
  const times = measurements.map(({ milliseconds }) => milliseconds * scale);
  const ours = peer.covers === 'recurrent' ? against.recurrent : against.engine;
  return {
    name: peer.name,
    title: peer.title,
    status: 'measured',
    ...introduction,
    covers: peer.covers,
    ratio: median(times.map((time, round) => time / at(ours.roundMilliseconds, round))),
    lossDifference,
    extrapolated: scale !== 1,
    measuredT: longestText(batch),
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

function recurrentMilliseconds(profile: NativeProfile): number {
  return recurrentParts.reduce((sum, part) => sum + (profile[part] ?? 0), 0);
}

function medianProfile(profiles: readonly NativeProfile[]): NativeProfile {
  const parts = Object.keys(at(profiles, 0));
  return Object.fromEntries(parts.map((part) => [part, median(profiles.map((each) => each[part] ?? NaN))]));
}
