import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, it } from 'vitest';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());

beforeAll(async () => {
  await mkdir(join(place.folder, 'folder'));
  await place.write('file.tsv', 'a film\tpos\n');
});

const nowhere = /^expected a run directory, got nowhere: no such file or directory \(ENOENT\)$/;
const aFile = /^expected a run directory, got file\.tsv, which is no folder$/;
const noRecord = /^expected a run directory, got folder, which holds no run\.json$/;

it.each([
  [['export', 'nowhere'], nowhere],
  [['export', 'file.tsv'], aFile],
  [['export', 'folder'], noRecord],
  [['train', '--resume', 'nowhere'], nowhere],
  [['train', '--resume', 'file.tsv'], aFile],
  [['train', '--resume', 'folder'], noRecord],
  [['evaluate', 'folder'], noRecord],
  [['compare', 'folder', 'folder'], noRecord],
])('%j: says what is there instead of a run', async (args, said) => {
  const hint = /`npx advnative train` made; its path is printed at the end of the run/;
  expectError(await place.run(...args, '--json'), 1, 'RUN_DIRECTORY', said, hint);
});

it('takes a run.json that asks for what cannot be done for a fault of the run, not of the user', async () => {
  const small = ['--preset', 'paper', '--size', 'small', '--limit', '40', '--epochs', '1', '--no-baseline'];
  await place.json('train', ...small, '--threads', '1', '--out', 'run');
  const { recipe, dataset, ...record } = await place.record('run');
  const edited = (change: object) =>
    place.write('run/run.json', JSON.stringify({ ...record, recipe, dataset, ...change }));
  const huge = { ...recipe, dimensions: { ...recipe.dimensions, hidden: 2 ** 30 } };
  const resumable = { status: 'interrupted', result: undefined };
  const cannot = (problem: string) =>
    new RegExp(`^run/run\\.json asks for what cannot be done: ${problem}`, 'u');
  const parameters = cannot('expected a model of at most 2,000,000,000 parameters');
  for (const args of [
    ['evaluate', 'run'],
    ['export', 'run'],
    ['predict', 'run', 'a text'],
  ]) {
    await edited({ recipe: huge });
    expectError(await place.run(...args, '--json'), 1, 'RUN_DIRECTORY', parameters, /^Restore it/u);
  }
  await edited({ ...resumable, recipe: huge });
  expectError(await place.run('train', '--resume', 'run', '--json'), 1, 'RUN_DIRECTORY', parameters);
  await edited({ ...resumable, recipe: { ...recipe, data: { dataset: 'none-such' } } });
  const unknown = await place.run('train', '--resume', 'run', '--json');
  expectError(unknown, 1, 'RUN_DIRECTORY', cannot('expected a dataset among .* got .none-such.'));
  await edited({ recipe: { ...recipe, dimensions: { ...recipe.dimensions, mlp: 1e12 } } });
  const damaged = /^run\/run\.json is damaged: recipe\.dimensions: expected dimensions .*2147483647, got/u;
  expectError(await place.run('evaluate', 'run', '--json'), 1, 'RUN_DIRECTORY', damaged, /^Restore it/u);
});
