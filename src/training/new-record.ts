import type { ActiveRun } from './active-run.js';
import { datasetRecord, environmentFacts } from './run-facts.js';
import { recordFormat, type RunRecord } from './run-record.js';

/** Tokens that a model knows, and numbers that it learns. */
export type ModelSizes = Pick<RunRecord, 'vocabularySize' | 'parameterCount'>;

/** What run.json says from the beginning of a run until its end; a changed instruction set is told. */
export function newRecord(run: ActiveRun, sizes: ModelSizes): RunRecord {
  const { addon, data, recipe, execution, earlier, watch } = run;
  const facts = environmentFacts(addon);
  const before = earlier?.machine['instructionSet'] ?? facts.machine['instructionSet'];
  if (before !== facts.machine['instructionSet']) {
    const text = `the run began with ${String(before)} instructions and goes on with ${String(facts.machine['instructionSet'])}: last digits may differ`;
    watch.onProgress?.({ kind: 'notice', text });
  }
  return {
    format: recordFormat,
    status: 'running',
    startedAt: earlier?.startedAt ?? new Date().toISOString(),
    recipe,
    execution,
    ...facts,
    dataset: datasetRecord(data),
    warnings: data.warnings,
    ...sizes,
  };
}
