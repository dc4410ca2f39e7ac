import { defineConfig } from 'vitest/config';

/** The tests' servers are on this machine, where a proxy would not find them. */
const withoutProxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
    [name, ''],
    [name.toUpperCase(), ''],
  ]),
);

export default defineConfig({
  test: {
    include: ['tests/{unit,boundary,e2e}/**/*.test.ts'],
    env: withoutProxies,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
