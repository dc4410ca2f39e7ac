import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { load, type TextClassifier } from '../../../src/inference/inference.js';
import { ModelSession } from '../../../src/inference/session.js';
import { packTexts } from '../../../src/text/packed.js';
import { bucketsOf } from '../../../src/text/subwords.js';
import { exported, metadata, modelFile } from '../onnx/fixtures.js';
import { expectRefused, temporaryFolder } from '../support.js';
import { randomModel, referenceLogits, softmax } from '../onnx/reference-classifier.js';

const model = randomModel();

async function opened(bytes = exported(model)): Promise<TextClassifier> {
  const classifier = await load(await modelFile(bytes), { threads: 1 });
  onTestFinished(() => classifier.dispose());
  return classifier;
}

/** Ids of a text that has only characters of the test vocabulary or unknown ones. */
function idsOf(text: string): number[] {
  return [1, ...Array.from(text, (token) => Math.max(0, metadata.vocabulary.indexOf(token))), 2];
}

function expectedProbabilities(text: string): Record<string, number> {
  const probabilities = softmax(referenceLogits(model, idsOf(text)));
  return Object.fromEntries(metadata.labels.map((label, place) => [label, probabilities[place] ?? NaN]));
}

describe('load', () => {
  it('classifies as the formulas do, with tokenizer, vocabulary and labels from the file', async () => {
    const classifier = await opened();
    expect(classifier.labels).toEqual(metadata.labels);
    expect(classifier.metadata).toEqual(metadata);
    const texts = ['ab', 'čř a', '', 'x😀"', 'bbbbbbbbb'];
    const results = await classifier.classify(texts);
    expect(results).toHaveLength(texts.length);
    results.forEach((result, place) => {
      const expected = Object.entries(expectedProbabilities(texts[place] ?? ''));
      expect(Object.keys(result.probabilities)).toEqual(expected.map(([label]) => label));
      for (const [label, probability] of expected) {
        expect(Math.abs((result.probabilities[label] ?? NaN) - probability)).toBeLessThan(1e-6);
      }
      const best = expected.reduce((most, one) => (one[1] > most[1] ? one : most));
      expect(result.label).toBe(best[0]);
      expect(Math.abs(result.probability - best[1])).toBeLessThan(1e-6);
      expect(result.truncated).toBe(false);
    });
  });

  it('gives a word that the vocabulary lacks the vectors of its n-grams', async () => {
    const subwords = { shortest: 1, longest: 3, buckets: 6 };
    const withSubwords = randomModel(2, 'gru', ['last'], 1, 6);
    const tokenizer = ['nfc@1', 'words@1'];
    const classifier = await opened(exported(withSubwords, { tokenizer, subwords }));
    const texts = ['a xyz a', 'xyz', '', 'uvw b'];
    const results = await classifier.classify(texts);
    const probabilitiesOf = (ids: readonly number[], ngrams: readonly (readonly number[])[]) => {
      const { ids: buckets, offsets } = packTexts(ngrams);
      const places = ids.map((_, place) => place);
      const logits = referenceLogits(withSubwords, places, { ids: Int32Array.from(ids), offsets, buckets });
      return softmax(logits);
    };
    const [a, xyz, uvw, b] = ['a', 'xyz', 'uvw', 'b'].map((word) => bucketsOf(word, subwords));
    if (!a || !xyz || !uvw || !b) throw new Error('four words');
    const expected = [
      probabilitiesOf([1, 3, 0, 3, 2], [[], a, xyz, a, []]),
      probabilitiesOf([1, 0, 2], [[], xyz, []]),
      probabilitiesOf([1, 2], [[], []]),
      probabilitiesOf([1, 0, 4, 2], [[], uvw, b, []]),
    ];
    results.forEach(({ probabilities }, place) => {
      const got = Object.values(probabilities);
      expected[place]?.forEach((value, label) => {
        expect(Math.abs((got[label] ?? NaN) - value)).toBeLessThan(1e-6);
      });
    });
    expect(results[1]).not.toEqual((await classifier.classify(['uvw']))[0]);
  });

  it('makes the tokens that the steps in the file make', async () => {
    const plain = await opened();
    const lowering = await opened(exported(model, { tokenizer: ['nfc@1', 'lowercase@1', 'characters@1'] }));
    const [lowered] = await lowering.classify(['AČ']);
    expect([lowered]).toEqual(await plain.classify(['ač']));
    expect([lowered]).not.toEqual(await plain.classify(['AČ']));
  });

  it('cuts a long text and says so', async () => {
    const classifier = await opened();
    const [long, cut] = await classifier.classify(['aaaaaaaaabbb', 'aaaaaaaaa']);
    expect(long).toEqual({ ...cut, truncated: true });
  });

  it('keeps the order of more texts than a batch has, and repeats to the bit', async () => {
    const classifier = await opened();
    const texts = Array.from({ length: 150 }, (_, index) =>
      'ab č'.repeat(3).slice(index % 4, 3 + (index % 7)),
    );
    const results = await classifier.classify(texts);
    expect(await classifier.classify(texts)).toEqual(results);
    results.forEach((result, place) => {
      const expected = expectedProbabilities((texts[place] ?? '').trim());
      expect(Math.abs((result.probabilities['sk'] ?? NaN) - (expected['sk'] ?? NaN))).toBeLessThan(1e-6);
    });
  });

  it('computes a text that is much longer than others with fewer of them, to the same results', async () => {
    const runs = vi.spyOn(ModelSession.prototype, 'run');
    onTestFinished(() => {
      runs.mockRestore();
    });
    const classifier = await opened();
    const long = 'b'.repeat(400_000);
    const texts = [long, ...Array.from({ length: 70 }, (_, place) => 'ab'.repeat(place % 5)), long, long];
    const results = await classifier.classify(texts);
    const sizes = runs.mock.calls.map(([{ offsets }]) => offsets.length - 1);
    expect(sizes).toEqual([64, 6, 2, 1]);
    const [alone] = await classifier.classify([long.slice(0, 10)]);
    for (const place of [0, 71, 72]) {
      expect(results[place]?.truncated).toBe(true);
      expect(results[place]?.probability).toBeCloseTo(alone?.probability ?? NaN, 6);
    }
  });

  it('takes no texts', async () => {
    expect(await (await opened()).classify([])).toEqual([]);
  });

  it('refuses values that are not strings', async () => {
    const texts = ['a', 5] as string[];
    const number = /^classify\(\) expects strings, got number at texts\[1\]$/;
    await expectRefused((await opened()).classify(texts), 'USAGE', number, /^/);
    const string = /^expected an array of texts, got string$/;
    await expectRefused((await opened()).classify('a' as never), 'USAGE', string, /^/);
  });

  it('stops between batches when the signal fires', async () => {
    const classifier = await opened();
    const controller = new AbortController();
    const running = classifier.classify(new Array<string>(200).fill('ab'), { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await classifier.classify(['ab'])).toHaveLength(1);
  });

  it('ends calls that are running when it is disposed, and refuses later ones', async () => {
    const classifier = await opened();
    const running = classifier.classify(new Array<string>(200).fill('ab'));
    await Promise.all([expect(running).rejects.toMatchObject({ name: 'AdvError' }), classifier.dispose()]);
    await classifier.dispose();
    await expect(classifier.classify([])).rejects.toMatchObject({ code: 'USAGE' });
  });

  it.each([[0], [1.5], [257], [NaN]])('refuses %s threads', async (threads) => {
    await expect(load('model.onnx', { threads })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

it('needs no addon', async () => {
  vi.resetModules();
  vi.doMock('../../../src/engine/loader.js', () => {
    throw new Error('inference asked for the addon');
  });
  onTestFinished(() => {
    vi.doUnmock('../../../src/engine/loader.js');
    vi.resetModules();
  });
  await expect(import('../../../src/inference/inference.js')).resolves.toHaveProperty('load');
  // That the stand-in would have been noticed.
  await expect(import('../../../src/training/train.js')).rejects.toThrow();
});

describe('load refuses', () => {
  const whole = exported(model);

  const expectUnfit = vi.defineHelper(async (bytes: Uint8Array, message?: RegExp, hint?: RegExp) => {
    await expectRefused(load(await modelFile(bytes)), 'MODEL', message ?? /./, hint);
  });

  it('a file that is not there and a folder', async () => {
    const folder = join(await temporaryFolder(), 'run');
    await expectRefused(load(folder), 'MODEL', /ENOENT/);
    await mkdir(folder);
    await expectRefused(load(folder), 'MODEL', /EISDIR/);
  });

  it('text, nothing and every kind of truncation', async () => {
    await expectUnfit(Buffer.from('this is not a model\n'));
    await expectUnfit(new Uint8Array(0));
    for (const share of [0.01, 0.2, 0.5, 0.8, 0.95, 0.999]) {
      await expectUnfit(whole.subarray(0, Math.floor(share * whole.length)));
    }
  });

  it('a tokenizer this version does not have', async () => {
    const said = /model\.onnx: expected steps among nfc@1, .*got 'characters@99'$/;
    const unknown = exported(model, { tokenizer: ['nfc@1', 'characters@99'] });
    await expectUnfit(unknown, said, /another version of advnative/);
  });

  it('a tokenizer whose versions are not known', async () => {
    const unversioned = exported(model, { tokenizer: ['nfc', 'characters'] });
    await expectUnfit(unversioned, /expected the version of every step/);
  });

  it('a vocabulary without the special tokens', async () => {
    const vocabulary = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
    await expectUnfit(exported(model, { vocabulary }));
  });

  it('metadata that does not fit the graph', async () => {
    // In the JSON and nowhere else: the entry's length stays what protobuf was told.
    const text = Buffer.from(whole).toString('latin1').replace('"cs","sk",', '"cs_sk",  ');
    await expectUnfit(Buffer.from(text, 'latin1'), /metadata expects 2 rows of mlp\.output\.bias, got 3/);
  });
});
