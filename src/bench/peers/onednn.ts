import { join } from 'node:path';
import { packageRoot } from '../../base/package.js';
import { isRagged, notThePapers } from '../configurations.js';
import { firstLine, peerEnvironment, type Peer } from './peer.js';
import { runProgram } from './program.js';

/** Names that oneDNN has for the instruction sets of this package. */
const instructionSets: Readonly<Record<string, string>> = {
  avx512: 'ALL',
  avx2: 'AVX2',
  portable: 'SSE41',
};

/** oneDNN's recurrent primitives: the recurrent part alone. Its program is compiled in the bench's own folder. */
export const onednn: Peer = {
  name: 'onednn',
  title: 'oneDNN',
  covers: 'recurrent',
  leavesOut: (configuration) =>
    notThePapers(configuration) ??
    (isRagged(configuration) ? 'its primitive takes texts of one length only' : undefined),
  async prepare({ folder, threads, instructionSet, signal }) {
    const environment = peerEnvironment(threads, {
      DNNL_MAX_CPU_ISA: instructionSets[instructionSet],
      ONEDNN_MAX_CPU_ISA: instructionSets[instructionSet],
    });
    const source = join(packageRoot, 'bench', 'onednn_step.cpp');
    const program = join(folder, 'onednn_step');
    const compiler = process.env['CXX'] ?? 'c++';
    const args = ['-std=c++20', '-O2', '-fopenmp', '-o', program, source, '-ldnnl'];
    try {
      // The compiler's own temporary files go where they are removed even if it is killed.
      await runProgram({ command: compiler, args, environment: { ...environment, TMPDIR: folder } }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      return {
        missing: `its program could not be built (Debian: apt-get install g++ libdnnl-dev): ${firstLine(error)}`,
      };
    }
    return { launch: { command: program, args: [], environment } };
  },
};
