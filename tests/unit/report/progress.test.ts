import { expect, it } from 'vitest';
import { Progress, eventText } from '../../../src/report/progress.js';
import type { ProgressEvent, TrainingStepEvent } from '../../../src/base/events.js';
import { epochRecord } from '../training/support.js';

const step: TrainingStepEvent = {
  kind: 'step',
  epoch: 4,
  epochs: 50,
  batch: 62,
  batches: 100,
  share: 0.0724,
  tokensPerSecond: 131_204.4,
  loss: 0.53121,
  validLoss: 0.5521,
  secondsLeft: 4351,
};

const epoch: ProgressEvent = {
  kind: 'epoch',
  epochs: 50,
  record: {
    ...{ ...epochRecord, epoch: 4, seconds: 61, tokensPerSecond: 1000 },
    ...{ validLoss: 0.55, validAccuracy: 0.71, validMacroF1: 0.69 },
  },
};

class Sink {
  text = '';
  time = 0;
  constructor(
    readonly isTTY: boolean,
    readonly columns = 80,
  ) {}
  readonly now = (): number => this.time;
  write(text: string): void {
    this.text += text;
  }
}

it('tells share, epoch, speed, losses and time left', () => {
  expect(eventText(step)).toBe(
    '7% | epoch 4/50 62% | 131,204 tokens/s | loss 0.5312 | valid 0.5521 | 1:12:31 left at most',
  );
  expect(eventText({ ...step, validLoss: undefined })).not.toMatch(/valid/);
  expect(eventText(epoch)).toBe(
    'epoch 4/50 | train loss 0.5000 | valid loss 0.5500 | accuracy 0.7100 | macro F1 0.6900 | 1:01 | 1,000 tokens/s | best so far',
  );
});

it('tells of downloads and evaluations with and without a known end', () => {
  const download = {
    kind: 'download',
    file: 'train.txt',
    receivedBytes: 2 ** 20,
    totalBytes: 2 ** 22,
  } as const;
  expect(eventText(download)).toBe('downloading train.txt: 1.0 MiB of 4.0 MiB, 25%');
  expect(eventText({ ...download, totalBytes: undefined })).toBe('downloading train.txt: 1.0 MiB');
  expect(eventText({ ...download, waitingFor: 'process 7' })).toMatch(
    /^waiting for process 7, which is downloading train\.txt/,
  );
  const evaluation = { kind: 'examples', text: 'testing', done: 50, total: 2000 } as const;
  expect(eventText(evaluation)).toBe('testing: 2% of 2,000 examples');
  expect(eventText({ ...evaluation, total: undefined })).toBe('testing: 50 examples');
});

it('tells the rounds of a bench, the share done and the time left', () => {
  const round = { kind: 'round', text: 'C1 vanilla', round: 3, rounds: 7, share: 0.257 } as const;
  expect(eventText({ ...round, secondsLeft: 61 })).toBe('25% | C1 vanilla: round 3/7 | about 1:01 left');
});

it('rewrites one line on a terminal, at most ten times a second and never wider than it', () => {
  const sink = new Sink(true, 30);
  const progress = new Progress(sink, false, sink.now);
  for (sink.time = 0; sink.time < 1000; sink.time += 10) progress.update(step);
  const lines = sink.text.split('\r\u001b[K').slice(1);
  expect(lines).toHaveLength(10);
  expect(lines.every((line) => line.length === 29)).toBe(true);
  progress.update(epoch);
  expect(sink.text.endsWith(`\r\u001b[K${eventText(epoch)}\n`)).toBe(true);
  progress.update(step);
  progress.end();
  expect(sink.text.endsWith('\r\u001b[K')).toBe(true);
});

it('prints a line every ten seconds where there is no terminal, and every epoch', () => {
  const sink = new Sink(false);
  const progress = new Progress(sink, false, sink.now);
  for (sink.time = 0; sink.time <= 35_000; sink.time += 100) progress.update(step);
  progress.update(epoch);
  progress.end();
  expect(sink.text.trimEnd().split('\n')).toHaveLength(4);
  expect(sink.text).not.toContain('\u001b');
  expect(sink.text).not.toContain('\r');
});

it('is silent when quiet, except for messages', () => {
  const sink = new Sink(false);
  const progress = new Progress(sink, true, sink.now);
  progress.update(epoch);
  progress.update({ kind: 'notice', text: 'n' });
  progress.message('error: x');
  expect(sink.text).toBe('error: x\n');
});

it('shows by its number what a terminal would obey', () => {
  const sink = new Sink(true);
  const progress = new Progress(sink, false, sink.now);
  progress.message("its columns are: \u001b[31mred, \u009b2J, a\rb\nand 'ž'");
  expect(sink.text).toBe("its columns are: \\u{1b}[31mred, \\u{9b}2J, a\\u{d}b\nand 'ž'\n");
});
