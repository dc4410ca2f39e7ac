import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';

/** The tests' servers are on this machine, where a proxy would not find them. */
const withoutProxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
    [name, ''],
    [name.toUpperCase(), ''],
  ]),
);

/**
 * Unit tests that need a process of their own: they replace modules or globals, change the environment, start processes or
 * threads, serve, or load native code.
 */
const alone = [
  'base/storage/*',
  'bench/{bench,programs,rounds,summary}',
  'bench/{corpus,peers}/*',
  'bench/quality/systems',
  'corpora/**/*',
  'datasets/{babi,definition/definition,dsl,own-data,splits/unsplit}',
  'engine/loader',
  'files/{lines,compression/*,parquet/*}',
  'fuzz/*',
  '**/*fuzz',
  'inference/{graph-only,inference,metadata,runtime,without-runtime}',
  'inspect/audit/audit',
  '{linear,onnx}/*',
  'study/{forecast/forecast,slurm/*}',
  'training/{branch-file,memory,native-model,run-directory,saved-classifier}',
].map((path) => `tests/unit/${path}.test.ts`);

/** Test files, of which so many run at a time. */
const project = (
  name: string,
  maxWorkers: number,
  include = [`tests/${name}/**/*.test.ts`],
  more: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration => ({ extends: true, test: { name, include, maxWorkers, ...more } });

// As many as there are cores. Left alone, vitest keeps one core for itself, which is half of two.
const all = availableParallelism();

export default defineConfig({
  test: {
    env: withoutProxies,
    // Each test begins with the variables of the environment as they are.
    unstubEnvs: true,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    projects: [
      // One process for many files, which need not start and load the sources again for each.
      project('unit', all, undefined, {
        exclude: alone,
        isolate: false,
        setupFiles: 'tests/unit/shared-process.ts',
      }),
      project('unit-alone', all, alone),
      project('e2e', all),
      // One at a time, after the others: they look at how soon a thread answers, and a step uses all cores.
      project('boundary', 1),
    ],
  },
});
