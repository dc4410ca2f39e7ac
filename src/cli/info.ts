import type { Command } from 'commander';
import { packageVersion } from '../base/package.js';
import type { Runner } from './context.js';
import { examples, jsonOption } from './options.js';

/** Adds `info`. */
export function addInfo(program: Command, run: Runner): void {
  program
    .command('info')
    .description('version, instruction set, threads and devices on this machine')
    .addOption(jsonOption())
    .addHelpText('after', examples('npx advnative info', 'ADVNATIVE_ISA=avx2 npx advnative info --json'))
    .action(async ({ json }: { json?: boolean }) => {
      await run({ json }, async (context) => {
        const { cellNames } = await import('../engine/cells.js');
        const { loadAddon } = await import('../engine/loader.js');
        const { table } = await import('../report/tables.js');
        const { callEngine } = await import('../training/native-model.js');
        const { defaultThreads } = await import('../training/options.js');
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
        const rows = Object.entries(facts).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : String(value),
        ]);
        await context.result(facts, () => table(['', ''], rows).trimStart());
      });
    });
}
