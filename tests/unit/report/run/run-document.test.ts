import { describe, expect, it } from 'vitest';
import type { EpochRecord } from '../../../../src/base/epoch-record.js';
import { htmlOf } from '../../../../src/report/document/html.js';
import { tablesOf, type ReportDocument } from '../../../../src/report/document/document.js';
import { confusedPairs, confusionMatrix } from '../../../../src/report/run/classes.js';
import { runDocument } from '../../../../src/report/run/run-document.js';
import { readRunFacts } from '../../../../src/report/run/run-facts.js';
import type { RunRecord } from '../../../../src/training/run-record.js';
import { temporaryFolder } from '../../support.js';
import { historyOf, lossRows, recordOf, writeRun } from './support.js';

async function documentOf(parts: Parameters<typeof writeRun>[1] = {}): Promise<ReportDocument> {
  return runDocument(await readRunFacts(await writeRun(await temporaryFolder(), parts)));
}

/** As earlier versions told of an epoch. */
const withoutNorms = (epoch: EpochRecord): EpochRecord =>
  Object.fromEntries(
    Object.entries(epoch).filter(([name]) => name !== 'gradientNorm' && name !== 'adversarialLoss'),
  ) as unknown as EpochRecord;

const headings = ({ sections }: ReportDocument): string[] => sections.map(({ heading }) => heading);
const opening = (document: ReportDocument): string => JSON.stringify(document.opening);

describe('what is told of a run', () => {
  it('has a section for everything that its files hold', async () => {
    const document = await documentOf();
    expect(document.title).toBe('babi-6, vanilla, seed 1');
    expect(headings(document)).toEqual([
      'Result beside simpler models',
      'Loss over epochs',
      'Accuracy over epochs',
      'Embeddings and ε over epochs',
      'Gradient norms over epochs',
      'Loss along perturbations',
      'Classes',
      'Confusion matrix',
      'Calibration',
      'Losses of single test texts',
      'What was trained',
      'Data',
    ]);
    expect(opening(document)).toMatch(
      /On 4 test texts: loss 0\.4500 \(cross-entropy in nats, 95% interval over texts -?[\d.]+ to [\d.]+\), accuracy 75\.0%, macro F1 0\.7333\. Epoch 2 of 3 was selected by validation loss/,
    );
  });

  it('says which way a difference from the baseline points', async () => {
    const { result } = recordOf();
    if (result === undefined) throw new Error('no result');
    const summary = { n: 4, loss: 0.6, accuracy: 0.5, macroF1: 0.5 };
    const comparison = {
      n: 4,
      meanDifference: -0.15,
      t: -3,
      df: 3,
      p: 0.01,
      ci95: [-0.2, -0.1],
      cohensDz: -1,
      better: 'a',
    };
    const baseline = { examples: 900, features: 50, valid: summary, test: summary, comparison, seconds: 1 };
    const record = recordOf({}, { result: { ...result, baseline } as RunRecord['result'] & object });
    const document = await documentOf({ record });
    expect(opening(document)).toMatch(
      /smaller than that of the linear n-gram classifier: mean difference −0\.1500, below 0 where this run is better \(paired t-test, p 0\.0100\)/,
    );
    const [table] = tablesOf(document);
    expect(table?.rows.map(({ name }) => name)).toEqual([
      'this run',
      'linear n-grams',
      'untrained network',
      'class shares',
      'most frequent class (yes)',
    ]);
  });

  it('tells of a run without a result what it has so far, and why it ended', async () => {
    const error = { code: 'NOT_FINITE', message: 'the loss is NaN' };
    const { result, ...unfinished } = recordOf({ regime: 'adversarial' }, { status: 'failed', error });
    expect(result).toBeDefined();
    const document = await documentOf({ record: unfinished, history: historyOf(1), losses: null });
    expect(opening(document)).toContain(
      "its status is 'failed' (NOT_FINITE: the loss is NaN) after 1 epoch.",
    );
    expect(headings(document)).toEqual([
      'Loss over epochs',
      'Accuracy over epochs',
      'Embeddings and ε over epochs',
      'Gradient norms over epochs',
      'What was trained',
      'Data',
    ]);
    const begun = await documentOf({
      record: { ...unfinished, status: 'running' },
      history: null,
      losses: null,
    });
    expect(headings(begun)).toEqual(['What was trained', 'Data']);
  });

  it('says of a run of an earlier version what it knows', async () => {
    const { result } = recordOf();
    const old = historyOf(3).map(withoutNorms);
    const { lossAlong, ...before } = result ?? {};
    expect(lossAlong).toBeDefined();
    const { language, trainingTexts, classCounts, ...dataset } = recordOf().dataset;
    expect([language, trainingTexts, classCounts]).not.toContain(undefined);
    const document = await documentOf({
      record: recordOf({}, { result: before as RunRecord['result'] & object, dataset }),
      history: old,
    });
    expect(JSON.stringify(document)).not.toContain('tokens per training text');
    expect(headings(document)).not.toContain('Gradient norms over epochs');
    expect(headings(document)).not.toContain('Loss along perturbations');
    expect(JSON.stringify(document)).not.toContain('Perturbed:');
  });

  it('says in which language the texts are, and how long', async () => {
    const document = JSON.stringify(await documentOf());
    expect(document).toContain('["language","English"]');
    expect(document).toContain('mean 70.25, median 66, 95% have at most 140');
    expect(document).toContain('mean 12.50');
  });

  it('says that what is not kept is not known', async () => {
    const document = await documentOf({ losses: null });
    expect(JSON.stringify(document.sections)).toContain(
      'The losses of the test texts are not kept beside this run',
    );
    expect(headings(document)).not.toContain('Calibration');
  });

  it('leaves out what is said of networks where there is none', async () => {
    const document = await documentOf({ record: recordOf({ preset: 'fast' }), history: [] });
    expect(document.title).toBe('babi-6, n-grams, seed 1');
    expect(headings(document)).not.toContain('Loss over epochs');
    expect(JSON.stringify(document)).toContain('linear classifier of n-grams char:1-6, word:1-2');
  });

  it('tells calibration of two classes only, of which losses tell the probabilities', async () => {
    const { dataset } = recordOf();
    const three = recordOf({}, { dataset: { ...dataset, labels: ['maybe', 'no', 'yes'] } });
    expect(headings(await documentOf({ record: three }))).not.toContain('Calibration');
    const squared = await documentOf({ record: recordOf({ loss: 'squared', ngrams: false }), losses: null });
    expect(headings(squared)).not.toContain('Calibration');
  });

  it('gives the shortest command that repeats it', async () => {
    const record = recordOf({ regime: 'adversarial', preset: 'best', seed: 3, epsilon: 0.4 });
    const html = await htmlOf(await documentOf({ record }));
    expect(html).toContain(
      '<pre class="command">npx advnative train --dataset babi-6 --preset best --regime adversarial --epsilon 0.4 --seed 3</pre>',
    );
  });

  it('refuses losses of a class that the run does not know', async () => {
    const losses = lossRows.map((row) => ({ ...row, prediction: 'perhaps' }));
    await expect(documentOf({ losses })).rejects.toMatchObject({ code: 'DATA_MALFORMED' });
  });
});

describe('the page of a run', () => {
  it('asks nothing of a network, escapes what comes from data, and has a name for every plot and table', async () => {
    const warnings = [{ code: 'DIVERGED', message: 'lost <b>' }] as const;
    const html = await htmlOf(
      await documentOf({ record: recordOf({ regime: 'adversarial' }, { warnings }) }),
    );
    const addresses = html
      .match(/\b(?:src|href|url)\s*[=(]\s*["']?[^"'#)\s]*/g)
      ?.filter((one) => !one.endsWith('"'));
    expect(addresses).toEqual(['href="data:,']);
    expect(html).not.toMatch(/<(?:script|iframe|img|object|embed)\b|@import/);
    expect(html).toContain('<strong>Warning:</strong> lost &lt;b&gt;');
    expect(html).toContain('a &lt;processor&gt;');
    expect(html).toContain('a pool &amp; no more');
    expect(html.match(/[^]{0,60}(?:NaN|undefined|\[object)[^]{0,30}/gu)).toBeNull();
    // Losses, gap, accuracy, scale, ε, norms, losses along perturbations, calibration and the histogram, each twice.
    expect(html.match(/<svg/g)).toHaveLength(18);
    expect(html.match(/role="img" aria-label="[^"]+"/g)).toHaveLength(18);
    const names = html.match(/<table class="\w+" aria-label="[^"]+">/g) ?? [];
    expect(new Set(names).size).toBe(names.length);
    expect(html.match(/<table/g)).toHaveLength(names.length);
    expect(html.match(/<svg[^]*?<\/svg>/g)?.join()).not.toMatch(/aria-label=|[\s]role=|\bid=/);
  });
});

describe('what is taken for what', () => {
  const labels = ['a', 'b', 'c'];
  const metrics = {
    ...{ n: 9, loss: 1, accuracy: 5 / 9, macroF1: 0.5 },
    perClass: labels.map((label) => ({
      label,
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
      support: label === 'c' ? 0 : 4,
    })),
    confusion: [
      [3, 1, 0],
      [1, 2, 1],
      [0, 0, 0],
    ],
  };

  it('is a matrix shaded by shares of the rows', () => {
    const { header, rows } = confusionMatrix(metrics);
    expect(header).toEqual(['true class', 'a', 'b', 'c']);
    expect(rows.map(({ cells }) => cells.map(({ shade }) => shade))).toEqual([
      [0.75, 0.25, 0],
      [0.25, 0.5, 0.25],
      [0, 0, 0],
    ]);
  });

  it('is a list of the most frequent pairs where a matrix has too many places', () => {
    const { caption, rows } = confusedPairs(metrics);
    expect(caption).toMatch(/^The 3 most frequent of 3 pairs/);
    expect(rows.map(({ name, cells }) => [name, ...cells.map(({ text }) => text)])).toEqual([
      ['a', 'b', '1', '25.0%'],
      ['b', 'a', '1', '25.0%'],
      ['b', 'c', '1', '25.0%'],
    ]);
  });
});
