import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import type { AdvErrorCode } from '../../src/base/errors.js';
import { SplitWriter } from '../../src/text/encoded-split.js';
import type { NativeBatch } from '../../src/engine/addon.js';
import { packTexts } from '../../src/text/packed.js';
import type { Dataset } from '../../src/datasets/types.js';
import type { EncodedSplit, Example } from '../../src/text/types.js';
import { ModelSelector, type ValidatedEpoch } from '../../src/training/selection.js';

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'advnative-unit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Keeps a test from the corpora of this machine: no folder of them is named, and the cache, whose path it returns, is empty. */
export async function withoutCorpora(): Promise<string> {
  const cache = await temporaryFolder();
  vi.stubEnv('ADVNATIVE_DATA', undefined);
  vi.stubEnv('ADVNATIVE_CACHE', cache);
  return cache;
}

/** Makes a folder before the tests of a file, in which it stays until their end, and gives its path to who asks in a test. */
export function folderOfFile(): () => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'advnative-unit-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

/** Writes a file in a temporary folder of its own and returns its path. */
export async function fileWith(content: string | Uint8Array, name = 'data.tsv'): Promise<string> {
  return put(await temporaryFolder(), name, content);
}

/** Writes a file below a folder and returns its path. */
export async function put(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** Rows of words, which have a space between them; rows have two, or a line break. */
export function wordRows(text: string): string[][] {
  return text
    .trim()
    .split(/\s{2,}/u)
    .map((row) => row.split(' '));
}

/** Texts of any UTF-16 code units up to one, lone surrogates included. */
export const anyUnits = (most = 0xffff) =>
  fc.array(fc.nat(most)).map((units) => String.fromCharCode(...units));

/** Any UTF-16 there is, lone surrogates included. */
export const anyText = fc.oneof(fc.string({ unit: 'binary' }), anyUnits());

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** How an epoch did on validation texts. */
export function validatedEpoch(
  epoch: number,
  validLoss = 0.5,
  validAccuracy = 0.5,
  validMacroF1 = 0.5,
): ValidatedEpoch {
  return { epoch, validLoss, validAccuracy, validMacroF1 };
}

/** The test examples of a dataset, opened as after model selection. */
export async function collectTest({ test }: Dataset): Promise<Example[]> {
  if (test === undefined) throw new Error('the dataset has no test split');
  return collect(test.open(new ModelSelector('loss', [validatedEpoch(1)]).finish()));
}

/** Texts of ids, one after the other, with their labels. */
export function packed(texts: readonly (readonly number[])[], labels: readonly number[]): NativeBatch {
  return { ...packTexts(texts), labels: Int32Array.from(labels) };
}

/** A split of the given texts as ids, each with its label. */
export async function splitOf(
  texts: readonly (readonly number[])[],
  labels: readonly number[],
  mostBytesInMemory?: number,
): Promise<EncodedSplit> {
  const bound = (values: readonly number[]): number =>
    values.reduce((most, value) => Math.max(most, value), 0) + 1;
  const writer = new SplitWriter({
    vocabularySize: bound(texts.flat()),
    classCount: bound(labels),
    longestText: bound(texts.map(({ length }) => length)),
    folder: tmpdir(),
    mostBytesInMemory,
  });
  for (const [row, ids] of texts.entries()) await writer.add(ids, labels[row] ?? 0);
  return writer.finish({ truncated: 0, unknown: 0 });
}

// eslint-disable-next-line @typescript-eslint/require-await -- data streams are asynchronous
export async function* streamOf(
  ...texts: readonly (readonly [text: string, label: string])[]
): AsyncGenerator<Example, void, undefined> {
  let number = 0;
  for (const [text, label] of texts) yield { id: `train:${++number}`, text, label };
}

/** Texts as they come from a file. */
// eslint-disable-next-line @typescript-eslint/require-await -- data streams are asynchronous
export async function* textStream(texts: readonly string[]): AsyncGenerator<string, void, undefined> {
  yield* texts;
}

/** What an AdvError must look like, for toThrow and rejects.toThrow; a message that is no pattern is a part of it. */
export function advError(code: AdvErrorCode, message: RegExp | string, hint = /./): unknown {
  const isSaid = (text = ''): boolean =>
    typeof message === 'string' ? text.includes(message) : message.test(text);
  return {
    asymmetricMatch: (error: { name?: string; code?: string; message?: string; hint?: string }) =>
      error.name === 'AdvError' &&
      error.code === code &&
      isSaid(error.message) &&
      hint.test(error.hint ?? ''),
    toString: () => `AdvError ${code} ${String(message)}`,
  };
}

/** Expects that what was begun is refused with an AdvError of this code, message and hint. */
export const expectRefused = vi.defineHelper(
  async (begun: Promise<unknown>, code: AdvErrorCode, message: RegExp | string, hint?: RegExp) => {
    await expect(begun).rejects.toEqual(advError(code, message, hint));
  },
);

/** Expects that what was begun is refused because its data is malformed. */
export const expectMalformed = vi.defineHelper(
  async (begun: Promise<unknown>, message: RegExp | string, hint?: RegExp) => {
    await expect(begun).rejects.toEqual(advError('DATA_MALFORMED', message, hint));
  },
);

/** Expects that what was begun ends as interrupted. */
export const expectInterrupted = vi.defineHelper(async (begun: Promise<unknown>) => {
  await expect(begun).rejects.toEqual(advError('INTERRUPTED', /interrupted/, /^/));
});

/** Stands for a text that matches, or contains, the pattern in what is expected. */
export const matching = (pattern: RegExp | string) => expect.stringMatching(pattern) as string;

/** A check of what must hold of any values of these kinds: of a hundred draws, unless the parameters say otherwise. */
export const forAll = <Values extends [unknown, ...unknown[]]>(
  kinds: { [Place in keyof Values]: fc.Arbitrary<Values[Place]> },
  parameters?: fc.Parameters<Values>,
) => ({
  check: async (holds: (...values: Values) => unknown): Promise<void> => {
    const property = fc.asyncProperty<Values>(...kinds, async (...values) => {
      await holds(...values);
    });
    await fc.assert(property, parameters);
  },
});
