import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Command, expectError, mainScript, temporaryFolder } from './support.js';

const folder = await temporaryFolder();

/** Peak memory above the model's, in MiB, of training on a generated file. */
async function peakOn(megabytes: number): Promise<number> {
  const script = fileURLToPath(new URL('../../bench/memory.js', import.meta.url));
  const options = ['--megabytes', `${megabytes}`, '--steps', '20', '--json'];
  const { code, stdout, stderr } = await new Command(folder, [process.execPath, script, ...options]).ended;
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { peakAboveModelBytes: number }).peakAboveModelBytes / 2 ** 20;
}

it.runIf(process.platform === 'linux')('takes memory for the batch, not for the corpus', async () => {
  const [small, large] = [await peakOn(12), await peakOn(48)];
  // As 32-bit ids, the 36 MB more would take 128 MiB, or twice that while they grow.
  expect(large - small).toBeLessThan(90);
  expect(large).toBeLessThan(400);
});

it('says so when there is no room for the token ids, and leaves nothing behind', async () => {
  const line = 'lorem ipsum dolor sit amet '.repeat(1600);
  const lines = Array.from({ length: 1000 }, (_, row) => `${row} ${line}\t${row % 2 ? 'odd' : 'even'}\n`);
  await writeFile(join(folder, 'long.tsv'), lines.join(''));
  const before = await readdir(folder);
  // A limit on file sizes stands for the full disk.
  const limited = ['bash', '-c', 'ulimit -f 30000; exec "$0" "$@"', process.execPath, mainScript, 'train'];
  const options = ['--level', 'char', '--max-tokens', '50000', '--out', join('runs', 'full'), '--json'];
  const outcome = await new Command(folder, [...limited, '--train', 'long.tsv', ...options]).ended;
  const said = /token ids in a temporary file in .*EFBIG.* after \d+ MiB/;
  expectError(outcome, 1, 'STORAGE', said, /--out/);
  expect(await readdir(folder)).toEqual(before);
});
