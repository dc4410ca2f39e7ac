import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { at } from '../../base/at.js';
import { combined, fitScales, unknownScale, type ScoreRows } from '../../linear/calibration.js';
import { sum } from '../../statistics/sum.js';
import { selectedModelOfPeer } from '../../training/selection.js';
import { peerEnvironment } from '../peers/peer.js';
import { endOfProgram, lastLine } from '../peers/program.js';
import { measuredEnd, type MeasuredEnd } from './measured-program.js';
import type { ProgramCall, QualityPeer } from './peer.js';
import { scoreOf } from './score.js';
import type { Measured, QualitySystem, QualityTask } from './system.js';

/** A peer as a system: its programs learn and score files, and what they take is added up. */
export function peerSystem(peer: QualityPeer): QualitySystem {
  const { name, title, options, install } = peer;
  return {
    name,
    options,
    lacks: async (signal) =>
      (await starts(peer.probe, signal)) ? undefined : `${title} is not installed (${install})`,
    measure: (task) => measurePeer(peer, task),
  };
}

async function starts([command = '', ...args]: ProgramCall, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await endOfProgram({ command, args, environment: process.env }, signal)).code === 0;
  } catch {
    return false;
  } finally {
    signal?.throwIfAborted();
  }
}

async function measurePeer(peer: QualityPeer, task: QualityTask): Promise<Measured> {
  const { splits, seed, threads } = task;
  const { labels } = splits.dataset;
  const place = { folder: splits.folder, seed, threads };
  const ends: MeasuredEnd[] = [];
  const run = async (call: ProgramCall): Promise<string> => {
    const end = await runMeasured(call, task);
    ends.push(end);
    return end.output;
  };
  const scores = async (split: 'valid' | 'test'): Promise<ScoreRows> =>
    peer.read(place, split, labels.length, await run(peer.score(place, split, labels.length)));

  const { train, valid } = await splits.learning();
  await run(peer.learn(place));
  const validRows = await scores('valid');
  const scales = peer.scaled ? fitScales([{ scores: validRows, likely: unknownScale }], valid) : [1];
  const scored = (rows: ScoreRows, classes: Int32Array): Measured['valid'] =>
    scoreOf(
      rows.map((row) => combined([row], scales)),
      classes,
      labels,
    );
  const validScore = scored(validRows, valid);
  const test = await splits.test(selectedModelOfPeer(validScore.loss));
  return {
    examples: { train: train.length, valid: valid.length, test: test.length },
    valid: validScore,
    test: scored(await scores('test'), test),
    seconds: sum(ends.map(({ seconds }) => seconds)),
    cpuSeconds: sum(ends.map(({ cpuSeconds }) => cpuSeconds)),
    peakBytes: Math.max(...ends.map(({ peakBytes }) => peakBytes)),
    modelBytes: (await stat(join(place.folder, peer.model))).size,
  };
}

async function runMeasured(call: ProgramCall, task: QualityTask): Promise<MeasuredEnd> {
  const { folder, threads, signal, onErrors } = task;
  const launch = { command: at(call, 0), args: call.slice(1), environment: peerEnvironment(threads, {}) };
  const end = await measuredEnd(launch, folder, signal, onErrors);
  if (end.code === 0) return end;
  throw new Error(lastLine(end.errors) ?? `${launch.command} ended with ${String(end.code)}`);
}
