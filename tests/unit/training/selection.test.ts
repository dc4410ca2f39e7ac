import { expect, it } from 'vitest';
import {
  epochsByCriterion,
  ModelSelector,
  selectedModelOfExport,
  selectedModelOfFinishedRun,
  selectedModelOfPeer,
} from '../../../src/training/selection.js';
import { SelectedModel } from '../../../src/datasets/proof.js';
import { advError, validatedEpoch } from '../support.js';

function selectFrom(...losses: number[]): SelectedModel {
  const epochs = losses.map((loss, epoch) => validatedEpoch(epoch, loss));
  return new ModelSelector('loss', epochs).finish();
}

it('selects the first of the smallest validation losses', () => {
  expect(selectFrom(9, 0.7, 0.5, 0.5, 0.6)).toMatchObject({ epoch: 2, validLoss: 0.5 });
});

it('never selects the untrained model, however good it looks', () => {
  expect(selectFrom(0.1, 0.7, 0.8)).toMatchObject({ epoch: 1, validLoss: 0.7 });
  expect(new ModelSelector('loss').observe(validatedEpoch(0, 0.1))).toBe(false);
});

it('refuses to finish before an epoch has been trained', () => {
  expect(() => selectFrom(0.5)).toThrow(advError('USAGE', /at least one trained epoch/));
});

it('refuses losses that cannot be ordered', () => {
  for (const loss of [Number.NaN, Infinity]) {
    expect(() => new ModelSelector('accuracy').observe(validatedEpoch(1, loss))).toThrow(
      advError('NOT_FINITE', /finite validation loss/),
    );
  }
});

it('goes on from the epochs before', () => {
  const selector = new ModelSelector(
    'loss',
    [0.5, 0.6, 0.45, 0.4].map((loss, epoch) => validatedEpoch(epoch, loss)),
  );
  expect(selector.observe(validatedEpoch(4, 0.4))).toBe(false);
  expect(selector.observe(validatedEpoch(5, 0.39))).toBe(true);
  expect(selector.best).toMatchObject({ epoch: 5, validLoss: 0.39 });
});

const course = [
  validatedEpoch(0, 0.1, 1, 1),
  validatedEpoch(1, 0.7, 0.6, 0.3),
  validatedEpoch(2, 0.5, 0.7, 0.4),
  validatedEpoch(3, 0.6, 0.8, 0.4),
  validatedEpoch(4, 0.55, 0.8, 0.35),
  validatedEpoch(5, 0.55, 0.8, 0.35),
  validatedEpoch(6, 0.9, 0.75, 0.5),
  validatedEpoch(7, 0.9, 0.6, 0.2),
];

it('selects by what it is told to, the smaller loss where epochs are equally good, and the first of those', () => {
  expect(new ModelSelector('loss', course).finish()).toMatchObject({ epoch: 2, validLoss: 0.5 });
  expect(new ModelSelector('accuracy', course).finish()).toMatchObject({ epoch: 4, validLoss: 0.55 });
  expect(new ModelSelector('macro-f1', course).finish()).toMatchObject({ epoch: 6, validLoss: 0.9 });
});

it('tells what each criterion would select', () => {
  expect(epochsByCriterion(course)).toEqual({ loss: 2, accuracy: 4, macroF1: 6 });
});

it('knows its own proofs from look-alikes', () => {
  expect(SelectedModel.is(selectFrom(1, 1))).toBe(true);
  expect(SelectedModel.is({ epoch: 1, validLoss: 1 })).toBe(false);
  expect(SelectedModel.is(Object.create(SelectedModel.prototype))).toBe(false);
  expect(SelectedModel.is(null)).toBe(false);
});

it('takes the proof from the record of a finished run only', () => {
  const result = { best: { epoch: 2, validLoss: 0.5 } };
  expect(selectedModelOfFinishedRun('runs/a', { status: 'done', result })).toMatchObject(result.best);
  expect(() => selectedModelOfFinishedRun('my runs/a', { status: 'interrupted', result })).toThrow(
    advError('RUN_DIRECTORY', /finished run, got my runs\/a.*'interrupted'/, /--resume 'my runs\/a'/),
  );
  expect(() => selectedModelOfFinishedRun('runs/a', { status: 'done' })).toThrow(
    advError('RUN_DIRECTORY', /./),
  );
});

it('takes the proof from an exported model that names its epoch', () => {
  expect(selectedModelOfExport({ bestEpoch: 3, validLoss: 0.2 })).toMatchObject({ epoch: 3 });
  expect(() => selectedModelOfExport({})).toThrow(advError('MODEL', /which epoch was selected/));
});

it('takes the proof from a peer that was validated', () => {
  expect(selectedModelOfPeer(0.5)).toMatchObject({ validLoss: 0.5 });
  expect(SelectedModel.is(selectedModelOfPeer(0.5))).toBe(true);
  expect(() => selectedModelOfPeer(Number.NaN)).toThrow(advError('NOT_FINITE', /finite validation loss/));
});
