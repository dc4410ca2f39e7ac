import { join } from 'node:path';
import { packageRoot } from '../../base/package.js';
import { peerEnvironment, type Peer } from './peer.js';
import { runProgram } from './program.js';

const python = '/usr/bin/python3';

/**
 * Names that ATen and OpenBLAS have for the instruction sets of this package. OpenBLAS must be told: 0.3.21 takes
 * processors that it does not know, such as Sapphire Rapids, for a Prescott of 2004, and PyTorch then needs twice the time.
 */
const capabilities: Readonly<Record<string, NodeJS.ProcessEnv>> = {
  avx512: { ATEN_CPU_CAPABILITY: 'avx512', OPENBLAS_CORETYPE: 'SkylakeX' },
  avx2: { ATEN_CPU_CAPABILITY: 'avx2', OPENBLAS_CORETYPE: 'Haswell' },
  portable: { ATEN_CPU_CAPABILITY: 'default', OPENBLAS_CORETYPE: 'Nehalem' },
};

/** Freed blocks are kept for the next step instead of going back to the system, which would clear them again. */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: '4294967296', MALLOC_TRIM_THRESHOLD_: '4294967296' };

/** PyTorch of the system's Python, with the fastest settings found for this model. */
export const pytorch: Peer = {
  name: 'pytorch',
  title: 'PyTorch',
  covers: 'step',
  leavesOut: ({ cell }) =>
    cell === 'gru-cho' ? 'it does not support this cell: nn.GRU resets after the product only' : undefined,
  async prepare({ threads, instructionSet, signal }) {
    const environment = peerEnvironment(threads, { ...keepMemory, ...capabilities[instructionSet] });
    try {
      await runProgram({ command: python, args: ['-c', 'import numpy, torch'], environment }, signal);
    } catch {
      signal?.throwIfAborted();
      return {
        missing: `${python} has no PyTorch (Debian: apt-get install python3-torch libopenblas0-openmp)`,
      };
    }
    return {
      launch: { command: python, args: [join(packageRoot, 'bench', 'pytorch_step.py')], environment },
    };
  },
};
