import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { vi } from 'vitest';
import { temporaryFolder } from '../../support.js';

/** Tells what each command was given, and answers with what the files beside it hold. */
const fake = (name: string): string => `#!/bin/bash
cd "$(dirname "$0")"
echo "${name} $*" >> told
[ ! -e ${name}.refusal ] || { cat ${name}.refusal >&2; exit 1; }
[ ! -e ${name}.answer ] || cat ${name}.answer
`;

/** Commands of a Slurm that does nothing. */
export class FakeSlurm {
  private constructor(readonly place: string) {}

  /** Puts them before all others on the path. */
  static async onPath(): Promise<FakeSlurm> {
    const slurm = new FakeSlurm(join(await temporaryFolder(), 'bin'));
    await mkdir(slurm.place);
    for (const name of ['sbatch', 'squeue', 'scancel', 'scontrol']) {
      await writeFile(join(slurm.place, name), fake(name));
      await chmod(join(slurm.place, name), 0o755);
    }
    vi.stubEnv('PATH', [slurm.place, process.env['PATH']].join(delimiter));
    await slurm.answers('sbatch', '42\n');
    return slurm;
  }

  async answers(command: string, text: string): Promise<void> {
    await writeFile(join(this.place, `${command}.answer`), text);
  }

  async refuses(command: string, text: string): Promise<void> {
    await writeFile(join(this.place, `${command}.refusal`), text);
  }

  /** The calls of one command, or of all. */
  async told(command = ''): Promise<string[]> {
    const lines = await readFile(join(this.place, 'told'), 'utf8').catch(() => '');
    return lines.split('\n').filter((line) => line !== '' && line.startsWith(command));
  }
}
