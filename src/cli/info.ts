import { packageVersion } from '../base/package.js';
import { command } from './command.js';
import { jsonOption } from './options.js';

/** Adds `info`. */
export const addInfo = command({
  name: 'info',
  description: 'version, instruction set, threads and devices on this machine',
  options: [jsonOption()],
  examples: ['npx advnative info', 'ADVNATIVE_ISA=avx2 npx advnative info --json'],
  action: async (context) => {
    const { cellNames } = await import('../engine/cells.js');
    const { loadAddon } = await import('../engine/loader.js');
    const { table } = await import('../report/tables.js');
    const { callEngine } = await import('../engine/calls.js');
    const { defaultThreads } = await import('../recipe/execution.js');
    const native = callEngine(() => loadAddon().info());
    const facts = {
      version: packageVersion,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      instructionSet: native.instructionSet,
      availableInstructionSets: native.availableInstructionSets,
      hardwareThreads: native.hardwareThreads,
      defaultThreads: defaultThreads(),
      cells: cellNames,
      devices: ['cpu', ...(native.cuda ? ['cuda'] : [])],
      compiler: native.compiler,
    };
    const rows = Object.entries(facts).map(([name, value]) => [name, [value].flat().join(', ')]);
    await context.result(facts, () => table(['', ''], rows).trimStart());
  },
});
