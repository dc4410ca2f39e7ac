import { stretches, stretchLength, trainingBatches, type BatchPlan } from '../text/batches.js';
import { ahead } from '../base/streaming.js';
import type { EncodedSplit } from '../text/types.js';
import { AdvError } from '../base/errors.js';
import type { NativeBatch, NativeClassifier, NativeStepResult } from '../engine/addon.js';
import { priorLoss } from '../statistics/chance.js';
import { ClassificationTally, type ClassificationMetrics } from '../statistics/metrics.js';
import { hasDiverged } from './divergence.js';
import { exampleCounter, type Watch } from '../base/events.js';
import type { EpochRecord } from '../base/epoch-record.js';
import { emptySums, type EpochSums } from './history.js';
import { cancellable, throwIfCancelled } from '../engine/calls.js';
import { learningRateAt } from './learning-rate.js';
import { evaluateTexts, stepOptions } from './native-model.js';
import type { ScheduleState } from './schedule-state.js';
import { isCancelled } from '../base/interruption.js';
import type { Recipe } from '../recipe/recipe.js';
import { attackOf } from '../recipe/regime.js';
import { ModelSelector, type ValidatedEpoch } from './selection.js';
import type { SelectedModel } from '../datasets/proof.js';

/** What a schedule works on. */
export interface ScheduleJob extends Watch {
  readonly classifier: NativeClassifier;
  readonly train: EncodedSplit;
  readonly valid: EncodedSplit;
  readonly classNames: readonly string[];
  readonly recipe: Recipe;
  /** Where an earlier process stopped; the engine's state is written into the classifier. */
  readonly from?: ScheduleState | undefined;
  /** Stores the state: after every epoch and when the signal fires. */
  save(state: ScheduleState): Promise<void>;
  /** What to do after an interruption, for the error's hint. */
  readonly resumeHint: string;
}

/** What a schedule leaves. */
export interface FinishedSchedule {
  readonly selected: SelectedModel;
  /** Parameters of the selected epoch. */
  readonly parameters: Float32Array;
  readonly history: readonly EpochRecord[];
  /** Whether training ended because its loss had grown out of all bounds, see divergence.ts. */
  readonly diverged: boolean;
}

/** How far a schedule is that may go on. No model is selected, so that nothing of it opens a test split. */
export interface PausedSchedule extends Pick<FinishedSchedule, 'history' | 'diverged'> {
  /** Whether there is nothing left to train: no epoch, no patience, or no sense in it, because training has diverged. */
  readonly over: boolean;
}

/**
 * Trains epoch after epoch until there are no more, until `patience` of them were no better than an earlier one or until
 * training has diverged.
 * The untrained model is evaluated as epoch 0 and never selected. A run that is interrupted and continued from its
 * saved state gives the same bits as one that is not.
 *
 * @throws AdvError INTERRUPTED when the signal fired and the state is saved, NOT_FINITE when a loss became NaN or
 *   infinite, and whatever `save` throws
 */
export async function runSchedule(job: ScheduleJob): Promise<FinishedSchedule> {
  return new Schedule(job).run();
}

/**
 * The same until the end of an epoch, unless training is over before. What goes on from the saved state gives the bits of a run that has
 * not paused.
 *
 * @param epoch from 1; where it has passed already, nothing is trained
 * @throws AdvError as runSchedule()
 */
export async function runScheduleUntil(job: ScheduleJob, epoch: number): Promise<PausedSchedule> {
  return new Schedule(job).runUntil(epoch);
}

class Schedule {
  readonly #job: ScheduleJob;
  readonly #selector: ModelSelector;
  readonly #history: EpochRecord[];
  #epoch: number;
  #nextBatch: number;
  #sums: EpochSums;
  #bestParameters: Float32Array | undefined;

  constructor(job: ScheduleJob) {
    this.#job = job;
    const position = job.from?.position;
    this.#epoch = position?.epoch ?? 0;
    this.#nextBatch = position?.nextBatch ?? 0;
    this.#sums = position?.sums ?? emptySums;
    this.#history = [...(position?.history ?? [])];
    this.#selector = new ModelSelector(job.recipe.select, this.#history);
    this.#bestParameters = job.from?.best;
    if (job.from) job.classifier.writeState(job.from.engine);
  }

  async run(): Promise<FinishedSchedule> {
    await this.#trainUntil(Infinity);
    const selected = this.#selector.finish();
    if (this.#bestParameters === undefined) throw new Error('a selected epoch without parameters');
    const parameters = this.#bestParameters;
    return { selected, parameters, history: this.#history, diverged: this.#diverged() };
  }

  async runUntil(epoch: number): Promise<PausedSchedule> {
    await this.#trainUntil(epoch);
    return { history: this.#history, over: this.#finished(), diverged: this.#diverged() };
  }

  async #trainUntil(last: number): Promise<void> {
    try {
      while (this.#epoch <= last && !this.#finished()) {
        if (this.#epoch > 0) await this.#trainEpoch();
        await this.#closeEpoch();
      }
    } catch (error) {
      if (!isCancelled(error) || !this.#job.signal?.aborted) throw error;
      await this.#job.save(this.#state());
      throw new AdvError(
        'INTERRUPTED',
        `training was interrupted in epoch ${this.#epoch} after ${this.#nextBatch} ${this.#nextBatch === 1 ? 'batch' : 'batches'}; its state is saved`,
        this.#job.resumeHint,
      );
    }
  }

  #finished(): boolean {
    const { epochs, patience } = this.#job.recipe;
    const completed = this.#epoch - 1;
    const sinceBest = completed - (this.#selector.best?.epoch ?? 0);
    return completed >= epochs || sinceBest >= patience || this.#diverged();
  }

  #diverged(): boolean {
    const { recipe, train, valid } = this.#job;
    return hasDiverged(this.#history, {
      priorLoss: priorLoss(train.classCounts, valid.classCounts, recipe.loss),
      batches: Math.ceil(train.count / recipe.batchSize),
    });
  }

  async #trainEpoch(): Promise<void> {
    const { classifier, recipe, signal, train } = this.#job;
    const { batchSize, seed } = recipe;
    const plan = trainingBatches(train, { batchSize, seed, epoch: this.#epoch });
    let next = requestBatch(plan, this.#nextBatch);
    while (next !== undefined) {
      throwIfCancelled(signal);
      const began = performance.now();
      const batch = await next;
      const options = stepOptions(recipe, this.#learningRate(plan.count));
      const running = cancellable(classifier, signal, () => classifier.trainStep(batch, options));
      // The engine computes meanwhile, so that assembling a batch costs no time of its own.
      next = requestBatch(plan, this.#nextBatch + 1);
      this.#add(await running, batch, (performance.now() - began) / 1000);
      this.#nextBatch += 1;
      this.#reportStep(plan.count);
    }
  }

  #learningRate(batches: number): number {
    const { recipe } = this.#job;
    const step = (this.#epoch - 1) * batches + this.#nextBatch;
    return learningRateAt(recipe, { step, steps: recipe.epochs * batches });
  }

  #add(result: NativeStepResult, batch: NativeBatch, seconds: number): void {
    const examples = batch.labels.length;
    const sums = this.#sums;
    this.#sums = {
      examples: sums.examples + examples,
      tokens: sums.tokens + batch.ids.length,
      objective: sums.objective + result.loss * examples,
      cleanLoss: sums.cleanLoss + result.cleanLoss * examples,
      correct: sums.correct + result.correct,
      adversarialLoss: sums.adversarialLoss + result.adversarialLoss * examples,
      gradientNorm: sums.gradientNorm + result.gradientNorm,
      epsilon: result.epsilon,
      seconds: sums.seconds + seconds,
    };
  }

  #reportStep(batches: number): void {
    const { recipe, onProgress } = this.#job;
    const { cleanLoss, examples, seconds, tokens } = this.#sums;
    const done = (this.#epoch - 1) * batches + this.#nextBatch;
    const total = recipe.epochs * batches;
    onProgress?.({
      kind: 'step',
      epoch: this.#epoch,
      epochs: recipe.epochs,
      batch: this.#nextBatch,
      batches,
      share: done / total,
      tokensPerSecond: tokens / seconds,
      loss: cleanLoss / examples,
      validLoss: this.#selector.best?.validLoss,
      secondsLeft: (seconds / this.#nextBatch) * (total - done),
    });
  }

  /** Validates, selects, records and saves. */
  async #closeEpoch(): Promise<void> {
    const { classifier, onProgress, recipe, signal } = this.#job;
    throwIfCancelled(signal);
    const began = performance.now();
    const metrics = await this.#validate();
    const validated = {
      epoch: this.#epoch,
      validLoss: metrics.loss,
      validAccuracy: metrics.accuracy,
      validMacroF1: metrics.macroF1,
    };
    const best = this.#selector.observe(validated);
    if (best) this.#bestParameters = classifier.readParameters();
    const record = this.#record(validated, best, (performance.now() - began) / 1000);
    this.#history.push(record);
    this.#epoch += 1;
    this.#nextBatch = 0;
    this.#sums = emptySums;
    await this.#job.save(this.#state());
    onProgress?.({ kind: 'epoch', record, epochs: recipe.epochs });
  }

  async #validate(): Promise<ClassificationMetrics> {
    const { classifier, classNames, recipe, signal, valid } = this.#job;
    const { batchSize } = recipe;
    const tally = new ClassificationTally(classNames);
    const onProgress = exampleCounter(this.#job, `validating epoch ${this.#epoch}`, valid.count);
    for await (const texts of ahead(stretches(valid, stretchLength(batchSize)))) {
      const evaluation = await evaluateTexts(classifier, texts, batchSize, { signal, onProgress });
      tally.add({ labels: texts.labels, ...evaluation });
    }
    return tally.metrics();
  }

  #record(validated: ValidatedEpoch, best: boolean, validSeconds: number): EpochRecord {
    const { cleanLoss, correct, epsilon, examples, objective, seconds, tokens } = this.#sums;
    const { adversarialLoss, gradientNorm } = this.#sums;
    const mean = (sum: number): number | null => (examples === 0 ? null : sum / examples);
    const perturbs = attackOf(this.#job.recipe.regime) !== undefined;
    return {
      ...validated,
      trainLoss: mean(cleanLoss),
      trainObjective: mean(objective),
      trainAccuracy: mean(correct),
      adversarialLoss: perturbs ? mean(adversarialLoss) : null,
      gradientNorm: examples === 0 ? null : gradientNorm / this.#nextBatch,
      best,
      embeddingStd: this.#job.classifier.embeddingStandardDeviation(),
      epsilon,
      seconds: seconds + validSeconds,
      trainSeconds: seconds,
      tokensPerSecond: seconds === 0 ? null : tokens / seconds,
    };
  }

  #state(): ScheduleState {
    return {
      position: {
        epoch: this.#epoch,
        nextBatch: this.#nextBatch,
        sums: this.#sums,
        history: [...this.#history],
      },
      engine: this.#job.classifier.readState(),
      best: this.#bestParameters,
    };
  }
}

/** Begins to assemble a batch; undefined after the last one. */
function requestBatch(plan: BatchPlan, index: number): Promise<NativeBatch> | undefined {
  if (index >= plan.count) return undefined;
  const batch = plan.batch(index);
  // It is awaited when its turn comes; when a failing step ends the epoch before, it is no unhandled failure.
  batch.catch(() => undefined);
  return batch;
}
