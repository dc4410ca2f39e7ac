import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { historyLines } from '../../../src/training/history.js';
import { runPaths } from '../../../src/training/run-paths.js';
import type { RunRecord, TestSummary } from '../../../src/training/run-record.js';
import { epochRecord, record } from '../training/support.js';

const usual = { n: 4, loss: 0.5, accuracy: 0.75, macroF1: 0.7 };

/** Leaves what a run leaves, but for its test losses. */
export async function leave(
  directory: string,
  status: RunRecord['status'] = 'done',
  test: TestSummary = usual,
): Promise<void> {
  const { checkpoint, history, model, record: path } = runPaths(directory);
  const result = {
    ...{ best: { epoch: 1, validLoss: 0.6 }, test, baseline: null, onnxParity: null, peakMemoryBytes: 1 },
    throughput: { tokensPerSecond: 1, examplesPerSecond: 1 },
  };
  await mkdir(dirname(checkpoint), { recursive: true });
  await writeFile(checkpoint, '');
  await writeFile(model, '');
  await writeFile(history, historyLines([{ ...epochRecord, epoch: 0 }, epochRecord]));
  await writeFile(path, JSON.stringify({ ...record, status, ...(status === 'done' ? { result } : {}) }));
}
