import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import { inStage } from '../../base/stage.js';
import { withPauses } from '../../base/streaming.js';
import { catalogue, usualSettings } from '../../datasets/catalogue.js';
import type { Dataset } from '../../datasets/types.js';
import { dataSource } from '../../recipe/data-source.js';
import { resolveRecipe, seedsOf, type Recipe } from '../../recipe/recipe.js';
import type { TrainOptions } from '../../recipe/table.js';
import { TokenCounts } from '../../text/token-counts.js';
import { tokenizerOf } from '../../text/tokenizers/pipeline.js';
import type { Example } from '../../text/types.js';
import { Vocabulary } from '../../text/vocabulary.js';
import { openSource } from '../../training/prepare.js';
import { describedCorpus, sizeOf, type DescribedCorpus } from './described-data.js';
import type { RowData } from './row-data.js';

/** What a run reads and trains, as far as it is known. */
export type RowReading = KnownReading | { readonly recipe?: undefined; readonly missing: string };

/** A run's recipe and the size of its data. */
export interface KnownReading {
  readonly recipe: Recipe;
  readonly data: RowData;
  /** Why the data cannot be read: the sizes are those of the corpus' description then. */
  readonly missing?: string;
  /** What the description of the corpus says, where it has one. */
  readonly described: DescribedCorpus | undefined;
}

/** Reads how much data there is, each thing once; downloads and writes nothing. */
export class DataReader {
  readonly #dataDir: string | null;
  readonly #watch: Watch;
  readonly #opened = new Map<string, Promise<Dataset | AdvError>>();
  readonly #counted = new Map<string, Promise<RowData>>();

  constructor(dataDir: string | undefined, watch: Watch) {
    this.#dataDir = dataDir ?? null;
    this.#watch = watch;
  }

  /**
   * What a run of these options reads: counted where its data is here, else by the description of its corpus.
   *
   * @throws AdvError INTERRUPTED when the signal fires
   */
  async read(options: TrainOptions): Promise<RowReading> {
    const dataset = await this.#open(options);
    try {
      if (dataset instanceof AdvError) return await byDescription(options, dataset.message);
      const recipe = resolveRecipe(options, dataset);
      return { recipe, data: await this.#count(dataset, recipe), described: describedCorpus(options) };
    } catch (error) {
      return { missing: reasonOf(error).message };
    }
  }

  #open(options: TrainOptions): Promise<Dataset | AdvError> {
    const { limit = null, onMalformed = 'stop' } = options;
    const source = { data: dataSource(options), limit, ...seedsOf(options), onMalformed };
    const where = { dataDir: this.#dataDir, offline: true };
    return once(this.#opened, source, () => openSource({ ...source, ...where }, this.#watch).catch(reasonOf));
  }

  #count(dataset: Dataset, recipe: Recipe): Promise<RowData> {
    const { data, limit, seed, splitSeed, onMalformed, tokenizer, maxTokens } = recipe;
    const reading = { data, limit, seed, splitSeed, onMalformed, tokenizer, maxTokens };
    return once(this.#counted, reading, () =>
      inStage(`reading ${dataset.name}`, this.#watch, () => countData(dataset, recipe, this.#watch.signal)),
    );
  }
}

function once<Value>(
  known: Map<string, Promise<Value>>,
  key: unknown,
  make: () => Promise<Value>,
): Promise<Value> {
  const name = JSON.stringify(key);
  const value = known.get(name) ?? make();
  known.set(name, value);
  return value;
}

/** What a run reads by the description of its corpus. */
async function byDescription(options: TrainOptions, missing: string): Promise<RowReading> {
  const source = dataSource(options);
  const described = describedCorpus(options);
  if (described === undefined || !('dataset' in source)) return { missing };
  const usual = usualSettings(source, described.texts, 'word');
  const listing = (await catalogue.list()).find(({ name }) => name === source.dataset);
  if (usual === undefined || listing === undefined) return { missing };
  const recipe = resolveRecipe(options, usual);
  const { level } = tokenizerOf(recipe.tokenizer);
  const size = sizeOf(described, level, recipe.maxTokens);
  return { recipe, data: { ...size, classes: listing.labels }, missing, described };
}

/** Why data cannot be read. */
function reasonOf(error: unknown): AdvError {
  if (error instanceof AdvError && error.code !== 'INTERRUPTED') return error;
  throw error;
}

async function countData(
  dataset: Dataset,
  recipe: Pick<Recipe, 'tokenizer' | 'maxTokens'>,
  signal: AbortSignal | undefined,
): Promise<RowData> {
  const train = await countTokens(dataset.train(), recipe, signal);
  const valid = await countTokens(dataset.valid(), recipe, signal);
  return {
    texts: train.texts,
    tokens: train.tokens,
    validTexts: valid.texts,
    validTokens: valid.tokens,
    vocabulary: train.types + Vocabulary.firstWordId,
    classes: dataset.labels.length,
  };
}

async function countTokens(
  examples: AsyncIterable<Example>,
  { tokenizer: steps, maxTokens }: Pick<Recipe, 'tokenizer' | 'maxTokens'>,
  signal: AbortSignal | undefined,
): Promise<{ texts: number; tokens: number; types: number }> {
  const tokenizer = tokenizerOf(steps);
  const counts = new TokenCounts();
  let texts = 0;
  for await (const { text } of withPauses(examples, signal)) {
    counts.add(tokenizer.tokenize(text).slice(0, maxTokens));
    texts++;
  }
  // With begin and end of each text.
  return { texts, tokens: counts.total + 2 * texts, types: counts.types };
}
