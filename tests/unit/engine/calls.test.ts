import { expect, it } from 'vitest';
import { callEngine } from '../../../src/engine/calls.js';
import { advError } from '../support.js';

it('says what to do where the system gives too few threads', () => {
  const message = 'cannot start 256 compute threads: the system gave 37';
  const refuse = (): never => {
    throw Object.assign(new Error(message), { code: 'THREADS' });
  };
  expect(() => callEngine(refuse)).toThrow(advError('NATIVE', new RegExp(`^${message}$`), /--threads/));
});
