import type { LossName } from '../statistics/loss-names.js';

/**
 * The hand-written type of the native addon: the one contract between TypeScript and C++.
 *
 * Dimension letters: B examples in a batch, N tokens of a packed batch, U different words of it, K n-grams of all of these, V
 * vocabulary, E embedding, H hidden (one direction), M MLP hidden, C classes. A batch is packed: example b owns ids[offsets[b]] … ids[offsets[b + 1] - 1],
 * so padding never crosses. Every text has at least one token.
 *
 * Every method throws a TypeError or RangeError (promises reject with one) that names the argument, what was
 * expected and what came. While a promise of this classifier is pending, every other call but cancel() is refused
 * as busy; after dispose() every call but cancel() and dispose() is refused. What needs more memory than the process may
 * have, a new classifier, a batch or a copy of the parameters, throws an Error of code 'OUT_OF_MEMORY' before it is touched,
 * and leaves everything as it was.
 *
 * What a promise stands for runs on threads of the addon's own, none of libuv's pool. A pending one keeps the process
 * alive. When its environment ends (worker.terminate(), process.exit()), the call is abandoned where it stands.
 *
 * An Error for what the engine could not do has a `code`: 'NOT_FINITE', 'CANCELLED', 'THREADS' (the system gives no more
 * threads), 'OUT_OF_MEMORY', 'UNSUPPORTED', 'INVALID_ARGUMENT' or 'INTERNAL'.
 */
export interface NativeAddon {
  /**
   * Checks the configuration, starts the threads and reserves the memory of a model; its initial weights are made by the
   * first call that needs them, so that a model whose weights are written at once never makes them.
   */
  readonly Classifier: new (config: NativeClassifierConfig) => NativeClassifier;
  /** Checks and copies what a linear classifier is trained on, and starts the threads. */
  readonly LinearTraining: new (problem: NativeLinearProblem) => NativeLinearTraining;
  /** What this build can do and what it chose on this machine. */
  info(): NativeInfo;
  /**
   * Nothing when this process may have `bytes` more, by the limits of its control groups, its rlimits and what is free on the
   * machine; `what` says what needs them, for the error. Less than 1 MiB is not looked at.
   *
   * @throws an Error of code 'OUT_OF_MEMORY' that names both sizes and the limit
   */
  requireMemory(need: { readonly bytes: number; readonly what: string }): void;
  /**
   * Measures what bounds every program on this machine, off the event loop, with the instruction set of info() and all
   * threads at once. Takes twice `milliseconds` and the time to fill three arrays of the last-level cache's size.
   */
  measureCeilings(options: NativeCeilingsOptions): Promise<NativeCeilings>;
}

export interface NativeCeilingsOptions {
  /** Threads that compute at once, 1 to 256. */
  readonly threads: number;
  /** Duration of each of the two measurements, 1 to 10,000. */
  readonly milliseconds: number;
}

export interface NativeCeilings {
  /** 1e9 single-precision operations a second in registers; a multiply-add counts as two. */
  readonly gflops: number;
  /** 1e9 bytes a second of a[i] = b[i] + s·c[i] over memory: two arrays read and one written. */
  readonly gigabytesPerSecond: number;
}

export interface NativeInfo {
  /** Instruction set in use: chosen at load, or by the environment variable ADVNATIVE_ISA. */
  readonly instructionSet: 'portable' | 'avx2' | 'avx512';
  /** Those this build contains and this machine runs, slowest first. */
  readonly availableInstructionSets: readonly string[];
  readonly hardwareThreads: number;
  readonly compiler: string;
  /** True when this build contains the CUDA backend. */
  readonly cuda: boolean;
}

/**
 * The recurrent layer, in both directions: a GRU whose reset gate comes after the recurrent product, as cuDNN and PyTorch
 * compute it; a GRU whose reset gate comes before it (Cho et al. 2014); an LSTM. Formulas stand at the end of this file.
 */
export type NativeCell = 'gru' | 'gru-cho' | 'lstm';

/**
 * What the MLP reads of the recurrent layer's states: each direction's state after the last token that it reads; the largest of
 * each unit over the text's tokens; their mean; their sum, each weighed by how much its token matters, which is trained.
 */
export type NativePooling = 'last' | 'max' | 'mean' | 'attention';

/**
 * What a step minimises and evaluate() gives, of logits z and the label y: cross-entropy, in nats, of softmax(z), or Σ (σ(z_c) − [c = y])² / C
 * (Bělohlávek et al. 2018, section 5.4).
 */
export type NativeLoss = LossName;

/** Shape of the model and what its creation needs. All integers are at least 1 unless said otherwise. */
export interface NativeClassifierConfig {
  readonly cell: NativeCell;
  /** P different poolings, at least 1, which the MLP reads side by side. */
  readonly pooling: readonly NativePooling[];
  readonly vocabularySize: number;
  readonly embeddingSize: number;
  readonly hiddenSize: number;
  readonly mlpSize: number;
  /** Bidirectional recurrent layers on top of each other, 1 to 8. */
  readonly layers: number;
  /**
   * Vectors that hashed n-grams of words share. A word's vector is then its own plus the mean of those of its n-grams, so that a word
   * that the vocabulary lacks has one too. 0: words have no n-grams.
   */
  readonly buckets: number;
  /** At least 2. */
  readonly classCount: number;
  /** Token id that replaces others when unknownRate > 0; in [0, vocabularySize). */
  readonly unknownId: number;
  /** The embeddings of words and n-grams start uniform in (-embeddingRange, embeddingRange); positive and finite. */
  readonly embeddingRange: number;
  /**
   * Decay in [0, 1) of the moving average of the parameters, which evaluate, predict and readParameters use in their place: 0 = none is
   * kept. After step t the average takes 1 − min(ema, (1 + t) / (10 + t)) of the new parameters; it begins with the initial ones.
   */
  readonly ema: number;
  readonly loss: NativeLoss;
  /** Seed of initialisation, dropout and unknown replacement: an integer in [0, 2^53). */
  readonly seed: number;
  /** Compute threads, 1 to 256, all of the model's own. Results are the same bits for every value. */
  readonly threads: number;
}

/** Texts as sparse rows of features, with their classes, and how a linear classifier of them is trained. */
export interface NativeLinearProblem {
  /** F: columns are in [0, F); 1 to 2^28. */
  readonly featureCount: number;
  /** C, at least 2. */
  readonly classCount: number;
  /** Row i has columns[offsets[i]] … columns[offsets[i + 1] - 1], no two alike, and the finite values at the same places. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
  /** One in [0, C) for each row. */
  readonly labels: Int32Array;
  /** Weight of the losses against that of the weights; above 0. */
  readonly cost: number;
  /** Of naive Bayes: what is added to each count; above 0. */
  readonly smoothing: number;
  /** Maximum passes over the rows, at least 1. */
  readonly passes: number;
  /** Of the projected gradient of every row, where a class is done; above 0. */
  readonly tolerance: number;
  /** Of the order of the rows in each pass: an integer in [0, 2^53). */
  readonly seed: number;
  /** Compute threads, 1 to 256. Weights are the same bits for every value. */
  readonly threads: number;
}

/** Weights [F + 1][S] of two classifiers, whose last row is the bias; S is C, or 1 where C is 2: those of the second class against the first. */
export interface NativeLinearWeights {
  readonly oneVsRest: Float32Array;
  readonly naiveBayes: Float32Array;
}

/** One training of linear classifiers; it is freed when nothing refers to it any more. */
export interface NativeLinearTraining {
  /**
   * Minimises ½‖w‖² + cost·Σ max(0, 1 − y·w·x)² for each class against the rest, off the event loop, by dual coordinate descent
   * (Hsieh et al. 2008, Algorithm 1), and takes the logarithms of the shares that features have of each class's rows, whatever
   * their values (multinomial naive Bayes over 0 and 1, McCallum and Nigam 1998, equation 6).
   */
  train(): Promise<NativeLinearWeights>;
  /** Stops the training soon: its promise rejects with an Error of code 'CANCELLED'. */
  cancel(): void;
}

/** A packed batch of token ids without labels. */
export interface NativeTexts {
  /** N token ids in [0, V); of a model with buckets places in `words`, in [0, U). */
  readonly ids: Int32Array;
  /** B + 1 strictly rising positions in ids, from 0 to N. */
  readonly offsets: Int32Array;
  /** Of a model with buckets, and of no other. */
  readonly words?: NativeWords;
}

/** The different words of a batch, at least 1 and at most N. */
export interface NativeWords {
  /** U ids in [0, V): the unknown one for every word that the vocabulary lacks. */
  readonly ids: Int32Array;
  /** U + 1 positions in buckets, never falling, from 0 to K. */
  readonly offsets: Int32Array;
  /** K buckets of n-grams, those of word u from offsets[u] to offsets[u + 1] − 1. */
  readonly buckets: Int32Array;
}

/** A packed batch with its labels. */
export interface NativeBatch extends NativeTexts {
  /** B labels in [0, C). */
  readonly labels: Int32Array;
}

/**
 * One training step. Every property is required. A number that is not 0 is at least 1.2e-38 and at most 3.4e38 in size, so that
 * 32-bit float makes neither 0 nor infinity of it.
 */
export interface NativeStepOptions {
  /** Adam's step size, > 0, at most 1e6: no update leaves float's range then. */
  readonly learningRate: number;
  /** Probability in [2^-32, 1] that a unit of the embedded tokens, of the states between two layers and of the MLP hidden layer is kept; 1 = no dropout. */
  readonly dropoutKeep: number;
  /**
   * Probability in [0, 1) that a token is replaced by unknownId in this step. Of a model with buckets, that a word's own vector is
   * replaced by that of unknownId, wherever it stands in the batch: those of its n-grams stay.
   */
  readonly unknownRate: number;
  /** Largest global norm of the gradient, at least 1e-15; 0 = no clipping. */
  readonly clipNorm: number;
  /**
   * λ ≥ 0 of AdamW: every step takes learningRate·λ, at most 1, of each weight and of the embedding table, beside Adam's
   * step. Biases do not decay. 0 = none.
   */
  readonly weightDecay: number;
  /** Absent for vanilla training; with it the loss is α·J(e) + (1 − α)·J(e + Δ) (Bělohlávek et al. 2018, Eq. 2). */
  readonly attack?: NativeAttack;
  /** α in [0, 1], needed with an attack. It weighs gradients once Δ is made: Δ does not depend on it. */
  readonly alpha?: number;
}

/** How Δ is made. */
export interface NativeAttack {
  /**
   * 'fast-gradient-sign': Δ = ε·sign(∇ of the embedded tokens) (Goodfellow et al. 2015; Bělohlávek et al. 2018, Eq. 1). 'random-sign': ε
   * with a random sign for each coordinate of each embedded token, drawn from the seed and the step.
   */
  readonly kind: 'fast-gradient-sign' | 'random-sign';
  /** ε ≥ 0. In standard deviations it is refused by the step where their product is 0 or infinite in float. */
  readonly epsilon: number;
  /** 'std': ε counts standard deviations of the current embedding table, which is that of words alone. */
  readonly unit: 'std' | 'absolute';
}

export interface NativeStepResult {
  /** Number of this step, from 1. */
  readonly step: number;
  /** The minimised loss: mean over the batch, before the update. */
  readonly loss: number;
  /** Mean loss of the clean pass. */
  readonly cleanLoss: number;
  /** Mean loss of the pass over e + Δ, whatever made Δ; equal to cleanLoss in vanilla training. */
  readonly adversarialLoss: number;
  /** Examples whose clean logits are largest at their label. */
  readonly correct: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** ε of this step as an absolute number; 0 in vanilla training. */
  readonly epsilon: number;
}

/**
 * Milliseconds of a step's parts, which each backend names: those that begin with `wall.` follow one another, those with
 * `thread.` are sums over threads. On the CPU `wall.pack` takes weights into the kernels' order and their gradients out of
 * it, `wall.head` is the MLP with the loss, `thread.forwardSteps` products with gates and states, and
 * `thread.backwardProduct` the way back through the recurrent weights. `tasks.count` is the number (not milliseconds) of
 * the heaviest run of parallel tasks, `tasks.longest` the longest of them, `tasks.serial` the time outside tasks.
 * `cores.4`, `cores.8` and `cores.16` are what the step could take on so many cores: that time, and every run's tasks as
 * measured here, each taken by the next free core. A bound: more cores also share memory and clock.
 */
export type NativeProfile = Readonly<Record<string, number>>;

export interface NativeTensorInfo {
  /** 'embedding.table', 'gru.forward.inputWeights', …: the names are those of the cell. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Where the tensor begins in the flat parameter vector, in elements. */
  readonly offset: number;
}

/** Everything exact resumption needs. The layout of the vectors is that of NativeClassifier.tensors. */
export interface NativeState {
  /** Steps taken: with the seed, the whole state of the random numbers. */
  readonly step: number;
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /**
   * Of a classifier with `ema` above 0, and of no other, as it is kept: of `embedding.subwords` not the average but how far it is from
   * the parameters, in a unit that the step decides (native/model/parameter_average.h). readParameters gives the average of all.
   */
  readonly average?: Float32Array;
}

export interface NativeEvaluation {
  /** Loss of each of the B examples. */
  readonly losses: Float64Array;
  /** Class with the largest logit; the first of equals. */
  readonly predictions: Int32Array;
}

/** A batch under one attack. */
export interface NativeAttackResult {
  /** As an absolute number. */
  readonly epsilon: number;
  /** Mean loss over the batch at e + Δ. */
  readonly loss: number;
  /** Texts whose logits are largest at their label there. */
  readonly correct: number;
}

export interface NativeAttackedEvaluation {
  /** Mean loss of the clean batch. */
  readonly loss: number;
  readonly correct: number;
  /** In the order of the attacks. */
  readonly attacks: readonly NativeAttackResult[];
}

export interface NativeClassifier {
  readonly config: NativeClassifierConfig;
  /** Every trained tensor in the order of the flat parameter vector; row-major, float32, no gaps. */
  readonly tensors: readonly NativeTensorInfo[];
  /** Steps taken so far. */
  readonly step: number;
  /**
   * Makes the initial weights off the event loop; does nothing where weights are there. All asynchronous calls do so
   * themselves. A synchronous call that needs weights makes them while the event loop waits, seconds for thousands of
   * hidden units, unless this was awaited before.
   */
  ready(): Promise<void>;
  /**
   * One whole training step off the event loop: clean pass, perturbation, perturbed pass, clipping, Adam, the average. The
   * arrays are copied before this returns. A loss or gradient that is not finite rejects with an Error of code
   * 'NOT_FINITE' that names step and tensor, and applies no update. An ε that float cannot hold is 'INVALID_ARGUMENT'.
   */
  trainStep(batch: NativeBatch, options: NativeStepOptions): Promise<NativeStepResult>;
  /** Losses and predictions without dropout or replacement, by the average where there is one; leaves the model as it was. */
  evaluate(batch: NativeBatch): Promise<NativeEvaluation>;
  /**
   * What perturbing the embedded tokens does to a batch: its mean loss at e + Δ for the Δ of each attack, all made of one clean pass and one draw,
   * so that the same attack with several ε is a line through e. Without dropout or replacement, and by the parameters that steps
   * change: where the model has an average, write what is to be measured first. Leaves the model as it was.
   *
   * @param options.attacks at least one
   * @param options.draw what the step is to a step's random numbers: an integer in [0, 2^53)
   */
  evaluateUnder(
    batch: NativeBatch,
    options: { readonly attacks: readonly NativeAttack[]; readonly draw: number },
  ): Promise<NativeAttackedEvaluation>;
  /** B × C logits, row-major, by the average where there is one. */
  predict(texts: NativeTexts): Promise<Float32Array>;
  /**
   * Standard deviation of the entries of the embedding table that steps change, without those of n-grams. Needs weights, like the two
   * reading calls below.
   */
  embeddingStandardDeviation(): number;
  /** Where the time of the last training step or prediction went; all parts are 0 before the first. */
  profile(): NativeProfile;
  /**
   * Bytes that a call takes beyond what the classifier holds now: a training step with these options, or an evaluation or
   * prediction without. An upper bound, by the list that the call itself makes room by, but for the copies of a batch's `words`.
   *
   * @param lengths tokens of each text of the batch
   */
  bytesFor(lengths: Int32Array, options?: NativeStepOptions): number;
  /**
   * Bytes that the classifier holds: of the model, and of buffers for batches, which stay from call to call. Those of a
   * batch that is several times larger than the last 64 do not.
   */
  readonly heldBytes: number;
  /** A copy of the whole state. */
  readState(): NativeState;
  /** A copy of the parameters that evaluate and predict use: of their average where there is one. */
  readParameters(): Float32Array;
  /** Replaces the whole state; refused when a length differs, a value is not finite or there is an average too many or too few. */
  writeState(state: NativeState): void;
  /** Replaces the parameters and their average, and leaves Adam's moments and the step counter. */
  writeParameters(parameters: Float32Array): void;
  /**
   * Stops the running call within a few time steps' work: its promise rejects with an Error of code 'CANCELLED' and
   * the model stays as it was before that call. A step whose update has begun is finished and resolves. Does nothing
   * when none runs or the classifier is disposed of.
   */
  cancel(): void;
  /**
   * Frees the native memory and the threads (after the running call, which is cancelled and rejects even when its update
   * has begun). May be called again.
   */
  dispose(): void;
}

/*
 * Tensors, in order (src/engine/cells.ts lists them for programs):
 *   embedding.table                 [V, E]
 *   of the cell, forward, then reverse:
 *     gru.forward.inputWeights      [3H, E]   gates r, z, n
 *     gru.forward.recurrentWeights  [3H, H]
 *     gru.forward.bias              [3H]      br, bz, bn
 *     gru.forward.candidateBias     [H]       cn
 *   or gruCho.forward.…             the first three
 *   or lstm.forward.…               the first three with 4H rows, gates i, f, g, o; bf starts at 1, the other biases at 0
 *   of a second and further layer, such as gru2.forward.…: the same with inputWeights [3H, 2H], whose columns are the states of the
 *   layer below, forward, then reverse
 *   mlp.hidden.weights              [M, P·2H] columns, a pooling after another: forward state, then reverse state
 *   mlp.hidden.bias                 [M]
 *   mlp.output.weights              [C, M]
 *   mlp.output.bias                 [C]
 *   where a pooling is attention:
 *     attention.weights             [2H, 2H]
 *     attention.bias                [2H]
 *     attention.context             [1, 2H]
 *   of a model with buckets:
 *     embedding.subwords            [buckets, E]
 *
 * Gates are σ(W·x + b + U·h), and
 *   gru       n = tanh(Wn·x + bn + r∘(Un·h + cn))    h' = (1 − z)∘n + z∘h
 *   gru-cho   n = tanh(Wn·x + bn + Un·(r∘h))         h' = (1 − z)∘n + z∘h
 *   lstm      g = tanh(Wg·x + bg + Ug·h)             c' = f∘c + i∘g,  h' = o∘tanh(c')
 *
 * Attention over the states h_t of a text, both directions side by side (Yang et al. 2016, Eq. 5 to 7; v is the context):
 *   u_t = tanh(W·h_t + b)   α = softmax over t of v·u_t   Σ_t α_t·h_t
 */
