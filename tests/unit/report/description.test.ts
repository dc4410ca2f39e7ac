import { describe, expect, it } from 'vitest';
import type { DatasetDescription, SplitDescription } from '../../../src/data/describe/description.js';
import { descriptionCharts } from '../../../src/report/description-charts.js';
import { descriptionPage } from '../../../src/report/description-page.js';
import { descriptionReport } from '../../../src/report/description.js';
import { figure, plural, share } from '../../../src/report/format.js';
import { escapeHtml } from '../../../src/report/html.js';

const distribution = {
  mean: 12.345,
  deviation: 2,
  least: 1,
  most: 900,
  quantiles: { p1: 1, p5: 2, p25: 6, median: 11.5, p75: 20, p95: 40, p99: 60 },
  histogram: [
    { from: 0, to: 5, count: 3 },
    { from: 5, to: 10, count: 6 },
    { from: 10, to: null, count: 1 },
  ],
};

const split: SplitDescription = {
  split: 'train',
  examples: 1000,
  classes: {
    counts: [
      { label: 'a<b', count: 750 },
      { label: 'c', count: 250 },
    ],
    entropy: 0.8113,
  },
  tokens: 12_345,
  characters: 60_000,
  tokensInText: distribution,
  charactersInText: distribution,
  sentencesInText: distribution,
  cut: 0.005,
  unknown: null,
};

const description: DatasetDescription = {
  name: 'an <example>',
  language: null,
  level: 'word',
  tokenizer: ['nfc@1', 'lowercase@1', 'words@1'],
  maxTokens: 7,
  labels: ['a<b', 'c'],
  splits: [split, { ...split, split: 'valid', unknown: { tokens: 0.0312, types: 0.2 } }],
  vocabulary: {
    types: 4,
    typeTokenRatio: 0.125,
    yuleK: 98.7,
    onceShare: 0.5,
    zipfExponent: 1.0567,
    ranks: [
      { rank: 1, frequency: 8000 },
      { rank: 2, frequency: 4000 },
      { rank: 4, frequency: 1 },
    ],
    mostFrequent: [{ token: '</script>', count: 8000 }],
  },
  labelNoise: {
    contradicting: { examples: 3, share: 0.003 },
    classifier: { examples: 1000, folds: 5, accuracy: 0.6 },
    estimate: 0.123,
    reliable: false,
  },
  artificiality: { texts: 10, compressionRatio: 8.25, repeatedNgrams: 0.9, templated: true },
  facts: {
    name: 'an <example>',
    files: [{ name: 'f.tsv', bytes: 2048, sha256: 'ab12' }],
    licence: 'CC0',
    citation: 'Somebody 2020',
    found: { 'a<b': 1200, c: 0 },
    notes: ['a pool & no more'],
  },
  skipped: { count: 1, first: ['f.tsv:1: no tab'] },
};

describe('descriptionReport', () => {
  it('has a line for every measure, a column for every split', () => {
    const report = descriptionReport(description);
    expect(report).toMatch(/^language +not stated$/m);
    expect(report).toMatch(/^level +word \(tokenizer nfc@1, lowercase@1, words@1\)$/m);
    expect(report).toMatch(/^file +f\.tsv, 2\.0 KiB, SHA-256 ab12$/m);
    expect(report).toMatch(/^in the files +a<b 1,200, c 0$/m);
    expect(report).toMatch(/^malformed +1 line left out$/m);
    expect(report).toMatch(/^examples +1,000 +1,000$/m);
    expect(report).toMatch(/^tokens a text: 5% to 95% +2 to 40 +2 to 40$/m);
    expect(report).toMatch(/^tokens unknown to training data +3\.12%$/m);
    expect(report).toMatch(/^exponent of Zipf's law +1\.057$/m);
    expect(report).toMatch(/^wrong labels, estimated +cannot be told: .* only 60\.0% of the labels$/m);
    expect(report).toMatch(/^repeated 4-grams of words +90\.0% \(made of templates\)$/m);
    expect(report).toMatch(/^a<b +750 +750$/m);
  });

  it('shows nothing that a terminal obeys', () => {
    const clears = '\u001b[2Jx\u202e';
    const counts = [{ label: clears, count: 1000 }];
    const report = descriptionReport({
      ...description,
      name: clears,
      labels: [clears],
      splits: [{ ...split, classes: { counts, entropy: 1 } }],
      facts: {
        ...description.facts,
        files: [{ name: `${clears}.tsv`, bytes: 1, sha256: 'a' }],
        found: { [clears]: 1000 },
        notes: [clears],
      },
    });
    expect(report).not.toMatch(/(?!\n)\p{C}/u);
    expect(report).toMatch(/^\\u\{1b\}\[2Jx\\u\{202e\} +1,000$/m);
    expect(report).toMatch(/^file +\\u\{1b\}\[2Jx\\u\{202e\}\.tsv,/m);
  });

  it('shows so many classes and no more', () => {
    const labels = Array.from({ length: 60 }, (_, place) => `class ${place}`);
    const counts = labels.map((label) => ({ label, count: 1 }));
    const many = { ...description, labels, splits: [{ ...split, classes: { counts, entropy: 1 } }] };
    const report = descriptionReport(many);
    expect(report).toMatch(/^class 39 +1$/m);
    expect(report).not.toMatch(/^class 40/m);
    expect(report).toMatch(/60 classes in all/);
  });
});

describe('descriptionPage', () => {
  it('has tables and three drawn charts, and escapes what comes from data', async () => {
    const page = await descriptionPage(description);
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page).toContain('<h1>an &lt;example&gt;</h1>');
    expect(page).toContain('a pool &amp; no more');
    expect(page).toContain('&quot;&lt;/script&gt;&quot;');
    expect(page).not.toContain('</script>');
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });
});

describe('descriptionCharts', () => {
  it('says what a chart leaves out and where a model stops', () => {
    const [lengths] = descriptionCharts(description);
    expect(lengths?.caption).toMatch(/Not shown: 1 text of 10 or more\./);
    expect(lengths?.caption).toMatch(/first 7 of a text/);
  });
});

it('escapes text for HTML', () => {
  expect(escapeHtml(`<a href="x">&'\ud800`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;\ufffd');
});

it('formats shares, figures and numbers of things', () => {
  expect([0, 0.00123, 0.0999, 0.5, 1].map(share)).toEqual(['0.00%', '0.12%', '9.99%', '50.0%', '100.0%']);
  expect([3, 12.345, 123.45, 12_345.6].map(figure)).toEqual(['3', '12.35', '123.5', '12,346']);
  expect([plural(1, 'error'), plural(0, 'error'), plural(1200, 'error')]).toEqual([
    '1 error',
    '0 errors',
    '1,200 errors',
  ]);
});
