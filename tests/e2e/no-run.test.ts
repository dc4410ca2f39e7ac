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
