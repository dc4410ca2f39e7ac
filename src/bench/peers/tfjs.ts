import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../base/package.js';
import { isRagged, notThePapers } from '../configurations.js';
import { peerEnvironment, type Peer } from './peer.js';

/** Backend, and tokens of a text: each leaves a step of a few seconds. */
const backends = [
  { backend: 'wasm', mostTokens: 16 },
  { backend: 'cpu', mostTokens: 4 },
] as const;

const version = '4.22.0';

/** TensorFlow.js with its two backends for Node that need no download, in a Node process of its own each. */
export const tfjs: readonly Peer[] = backends.map(({ backend, mostTokens }) => ({
  name: `tfjs-${backend}`,
  title: `tfjs ${backend}`,
  covers: 'step',
  mostTokens,
  leavesOut: (configuration) =>
    notThePapers(configuration) ??
    (isRagged(configuration)
      ? 'core ops have no packed sequences, and padding would be wasted work'
      : undefined),
  prepare({ threads, cell }) {
    const parts = ['core', `backend-${backend}`, ...(cell === 'gru' ? [] : ['layers'])];
    const packages = parts.map((part) => `@tensorflow/tfjs-${part}`);
    const require = createRequire(import.meta.url);
    try {
      for (const name of packages) require.resolve(name);
    } catch {
      const install = packages.map((name) => `${name}@${version}`).join(' ');
      return Promise.resolve({ missing: `not installed (npm install ${install})` });
    }
    const args = [join(packageRoot, 'bench', 'tfjs_step.js'), `backend=${backend}`];
    return Promise.resolve({
      launch: { command: process.execPath, args, environment: peerEnvironment(threads, {}) },
    });
  },
}));
