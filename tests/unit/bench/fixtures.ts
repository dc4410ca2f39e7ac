import type { Configuration } from '../../../src/bench/configurations.js';
import type { BenchMachine } from '../../../src/bench/result.js';
import type { Peer } from '../../../src/bench/peers/peer.js';
import type { Launch } from '../../../src/bench/peers/program.js';

/** A step of it takes about a millisecond. */
export const tiny: Configuration = {
  name: 'tiny',
  description: 'for tests',
  cell: 'gru',
  ...{ B: 6, T: [7, 7], V: 12, E: 5, H: 9, M: 8, C: 3 },
  ...{ pooling: ['last'], subwords: undefined, ema: 0, weightDecay: 0, tokens: 'uniform' },
};

/** Where invented numbers were measured. */
export const machine: BenchMachine = {
  ...{ version: '0.1.0', node: '20.19.0', cpu: 'A processor', instructionSet: 'avx2' },
  ...{ hardwareThreads: 4, threads: 2, load: 0.25 },
};

/** A program of a few lines of JavaScript. */
export function scriptLaunch(script: string): Launch {
  return {
    command: process.execPath,
    args: ['--input-type=module', '-e', script, '--'],
    environment: process.env,
  };
}

/** A peer whose program is a script. */
export function scriptPeer(script: string, overrides: Partial<Peer> = {}): Peer {
  return {
    name: 'pytorch',
    title: 'Script',
    covers: 'step',
    leavesOut: () => undefined,
    prepare: () => Promise.resolve({ launch: scriptLaunch(script) }),
    ...overrides,
  };
}

/** A script that answers every request with these losses and time. */
export function answering(milliseconds: number, cleanLoss: number, adversarialLoss: number): string {
  const answer = JSON.stringify({ milliseconds, cleanLoss, adversarialLoss });
  return `
    console.log(JSON.stringify({ version: '1.2', threads: 1 }));
    process.stdin.on('data', () => console.log('${answer}'));
  `;
}
