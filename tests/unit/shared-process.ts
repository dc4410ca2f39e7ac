import { readFile } from 'node:fs/promises';
import { afterAll, expect } from 'vitest';

/** What the files that share a process could leave behind for each other. */
const state = () => ({
  folder: process.cwd(),
  environment: { ...process.env },
  exitCode: process.exitCode,
  globals: Object.getOwnPropertyNames(globalThis),
  listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
});

const before = state();

// A file that this fails belongs to those of vitest.config.ts that have a process of their own.
afterAll(async () => {
  expect(state()).toEqual(before);
  // A module stays replaced for the files that come after.
  const source = await readFile(expect.getState().testPath ?? '', 'utf8');
  expect(source).not.toMatch(/\bvi\.(?:mock|doMock|resetModules)\(/u);
});
