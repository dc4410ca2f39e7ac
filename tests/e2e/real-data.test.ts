import { expect, it } from 'vitest';
import type { TrainResult } from '../../src/training/run.js';
import { Command, mainScript, temporaryFolder } from './support.js';

// Real sentences where the machine has them, else the simulator: the same command line either way.
const dataDir = process.env['ADVNATIVE_DATA'];
const dataset = dataDir === undefined ? 'babi-sim-6' : 'dsl';
const testExamples = dataDir === undefined ? 1000 : 14_000;

it(`trains on ${dataset} from start to end`, async () => {
  const folder = await temporaryFolder();
  const options = ['--dataset', dataset, '--limit', '280', '--size', 'small', '--epochs', '1', '--json'];
  const command = [process.execPath, mainScript, 'train', ...options];
  const outcome = await new Command(folder, command, { ADVNATIVE_DATA: dataDir }).ended;
  expect(outcome).toMatchObject({ code: 0 });
  const result = JSON.parse(outcome.stdout) as TrainResult;
  expect(result).toMatchObject({
    dataset: { name: dataset, examples: { train: 280 } },
    test: { n: testExamples },
  });
  expect(result.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  // An epoch on so little data teaches next to nothing, but a loss far above chance would be a fault.
  const chance = Math.log(result.dataset.labels.length);
  expect(result.test?.loss).toBeLessThan(1.2 * chance);
});
