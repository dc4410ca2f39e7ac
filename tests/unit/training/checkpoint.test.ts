import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import {
  fingerprint,
  readCheckpoint,
  writeCheckpoint,
  type CheckpointOwner,
} from '../../../src/training/checkpoint.js';
import { emptySums } from '../../../src/training/history.js';
import { readTensorFile, writeTensorFile } from '../../../src/training/safetensors.js';
import { expectRefused, temporaryFolder, validatedEpoch } from '../support.js';
import { FakeClassifier } from './support.js';
import type { ScheduleState } from '../../../src/training/schedule-state.js';

const engine = new FakeClassifier();
const owner: CheckpointOwner = {
  fingerprint: fingerprint({ seed: 1 }),
  tensors: engine.tensors,
  averages: false,
};
const epochs = [0, 1, 2].map((epoch) => ({
  ...validatedEpoch(epoch, 1 / 3),
  ...{ trainLoss: null, trainObjective: null, trainAccuracy: null, tokensPerSecond: null },
  ...{ best: epoch > 0, embeddingStd: 0.1, epsilon: 0, seconds: 1, trainSeconds: 1 },
}));
const state: ScheduleState = {
  position: {
    epoch: 3,
    nextBatch: 17,
    sums: { ...emptySums, cleanLoss: 0.1 + 0.2 },
    history: epochs,
  },
  engine: { ...engine.readState(), step: 40 },
  best: Float32Array.from({ length: 36 }, (_, place) => 1 / (place + 1)),
};

async function written(what: ScheduleState = state, whose = owner): Promise<string> {
  const path = join(await temporaryFolder(), 'last.safetensors');
  await writeCheckpoint(path, what, whose);
  return path;
}

const expectUnfit = vi.defineHelper(
  async (path: string, said: RegExp, hint?: RegExp, whose: typeof owner = owner) => {
    await expectRefused(readCheckpoint(path, whose), 'CHECKPOINT', said, hint);
  },
);

it('gives back the whole state', async () => {
  expect(await readCheckpoint(await written(), owner)).toEqual(state);
});

it('gives back the state before any epoch was selected', async () => {
  const early = { ...state, best: undefined, position: { ...state.position, history: epochs.slice(0, 1) } };
  expect(await readCheckpoint(await written(early), owner)).toEqual(early);
});

it('gives back the average of a model that keeps one, and refuses a checkpoint without it', async () => {
  const averages = { ...owner, averages: true };
  const average = Float32Array.from({ length: 36 }, (_, place) => place / 7);
  const averaged = { ...state, engine: { ...state.engine, average } };
  expect(await readCheckpoint(await written(averaged, averages), averages)).toEqual(averaged);
  await expectUnfit(await written(), /36 as secondMoment, none as average$/, undefined, averages);
  const short = { ...averaged, engine: { ...averaged.engine, average: average.subarray(1) } };
  await expectUnfit(
    await written(short, averages),
    /36 as secondMoment, 35 as average$/,
    undefined,
    averages,
  );
});

it('refuses the checkpoint of other options', async () => {
  const other = { ...owner, fingerprint: fingerprint({ seed: 2 }) };
  await expectUnfit(await written(), /other options/, undefined, other);
});

it('refuses the checkpoint of a model of another shape', async () => {
  const other = { ...owner, tensors: [{ name: 'weights', shape: [4, 9], offset: 0 }] };
  await expectUnfit(await written(), /expected weights \[4, 9\]; got weights \[3, 12\]/, undefined, other);
});

it('says which cell a checkpoint has when it is another one', async () => {
  const tensors = (prefix: string) => [{ name: `${prefix}.forward.bias`, shape: [3, 12], offset: 0 }];
  const path = join(await temporaryFolder(), 'last.safetensors');
  await writeCheckpoint(path, state, { ...owner, tensors: tensors('gru') });
  for (const [prefix, cell] of [
    ['lstm', 'lstm'],
    ['gruCho', 'gru-cho'],
  ] as const) {
    const said = new RegExp(`another cell: expected ${cell}, got gru$`);
    await expectUnfit(path, said, /run\.json and checkpoint/, { ...owner, tensors: tensors(prefix) });
  }
  await expect(readCheckpoint(path, { ...owner, tensors: tensors('gru') })).resolves.toEqual(state);
});

it('refuses another version, and a file without the selected parameters', async () => {
  const path = await written();
  const { tensors, document } = await readTensorFile(path);
  await writeTensorFile(path, { tensors, document: { ...(document as object), format: 99 } });
  await expectUnfit(path, /format version 99, expected 2/, /version of advnative that wrote it/);
  const { parameters, firstMoment, secondMoment } = tensors;
  if (!parameters || !firstMoment || !secondMoment) throw new Error('the checkpoint lacks a tensor');
  await writeTensorFile(path, { tensors: { parameters, firstMoment, secondMoment }, document });
  await expectUnfit(path, /expected 36 numbers in each of its tensors, got none as best$/);
});

it('says which part of the state is damaged', async () => {
  const path = await written();
  const { tensors, document } = await readTensorFile(path);
  const whole = document as { position: object };
  for (const [part, said] of [
    [null, /format version undefined/],
    [{ format: 2 }, /fingerprint: expected a string, got nothing/],
    [{ ...whole, model: 'weights' }, /model: expected a list, got 'weights'/],
    [
      { ...whole, position: { ...whole.position, sums: null } },
      /position\.sums: expected an object, got null/,
    ],
    [{ ...whole, position: { ...whole.position, history: [{}] } }, /position\.history\[0\]\.epoch: expected/],
  ] as const) {
    await writeTensorFile(path, { tensors, document: part });
    await expectUnfit(path, said);
  }
  await writeTensorFile(path, { tensors: { ...tensors, firstMoment: Float32Array.of(1) }, document });
  await expectUnfit(
    path,
    /expected 36 numbers in each of its tensors, got 36 as parameters, 1 as firstMoment, 36 as secondMoment$/,
  );
});

it('hashes values, not the order of keys', () => {
  expect(fingerprint({ a: 1, b: { c: [1, 2], d: 2 } })).toBe(fingerprint({ b: { d: 2, c: [1, 2] }, a: 1 }));
  expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }));
});
