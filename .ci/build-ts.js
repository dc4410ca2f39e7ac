// Compiles src/ into dist/: into a fresh folder that takes the name once everything is compiled, so that a compile that fails
// leaves the dist/ that was there, and one that succeeds nothing of it. npm runs this as `prepare` too, for a checkout that it
// links or installs; a packed package has no .ci/ and nothing to prepare.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** TypeScript's compiler; undefined where it is not installed. */
function findCompiler() {
  try {
    return createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

/** What git answers here; undefined where there is none, or no repository. */
function askGit(...command) {
  const { status, stdout } = spawnSync('git', command, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** The commit that is compiled, for the records of runs; undefined outside of the package's own repository. */
function commitOf() {
  const top = askGit('rev-parse', '--show-toplevel');
  if (top === undefined || realpathSync(top) !== realpathSync(root)) return undefined;
  const commit = askGit('rev-parse', 'HEAD');
  const changed = askGit('status', '--porcelain', '--untracked-files=no', 'src', 'native') !== '';
  return changed ? `${commit} with changes` : commit;
}

/** @returns the exit code */
function build(compiler) {
  const fresh = join(root, `build-dist-${process.pid}`);
  const old = `${fresh}-old`;
  try {
    const options = ['--project', 'tsconfig.build.json', '--outDir', fresh];
    const { status } = spawnSync(process.execPath, [compiler, ...options], { cwd: root, stdio: 'inherit' });
    if (status !== 0) return 1;
    // npm does this only when it links the package, and npx keeps such a link from one build to the next.
    chmodSync(join(fresh, 'cli/main.js'), 0o755);
    const commit = commitOf();
    if (commit !== undefined) writeFileSync(join(fresh, 'commit'), `${commit}\n`);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    return 0;
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
}

const compiler = findCompiler();
if (compiler !== undefined) {
  process.exitCode = build(compiler);
} else if (existsSync(dist)) {
  console.error('advnative: dist/ stays as it is: to compile it anew, install TypeScript with: npm ci');
} else {
  console.error('advnative: a checkout is compiled by TypeScript, which --omit=dev leaves out: run npm ci');
  process.exitCode = 1;
}
