import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** The tests' servers are on this machine, where a proxy would not find them. */
const withoutProxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
    [name, ''],
    [name.toUpperCase(), ''],
  ]),
);

/** The test files of a folder, and how many of them run at a time. */
const project = (name: string, maxWorkers: number) => ({
  extends: true as const,
  test: { name, include: [`tests/${name}/**/*.test.ts`], maxWorkers },
});

export default defineConfig({
  test: {
    env: withoutProxies,
    // Each test begins with the variables of the environment as they are.
    unstubEnvs: true,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    projects: [
      // As many as there are cores. Left alone, vitest keeps one core for itself, which is half of two.
      project('unit', availableParallelism()),
      project('e2e', availableParallelism()),
      // One at a time, after the others: they look at how soon a thread answers, and a step uses all cores.
      project('boundary', 1),
    ],
  },
});
