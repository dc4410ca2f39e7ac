import { describe, expect, it } from 'vitest';
import type { DatasetDescription, SplitDescription } from '../../../src/inspect/describe/description.js';
import { classChart } from '../../../src/report/charts/classes.js';
import { frequencyChart } from '../../../src/report/charts/frequencies.js';
import { lengthChart } from '../../../src/report/charts/lengths.js';
import { renderChart } from '../../../src/report/charts/render.js';
import { descriptionPage } from '../../../src/report/description-page.js';
import { descriptionReport } from '../../../src/report/description.js';
import { figure, plural, share } from '../../../src/report/format.js';
import { escapeHtml } from '../../../src/report/page.js';

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
  warnings: [{ code: 'SAME_DATA', message: 'one file is all data' }],
  skipped: { count: 1, first: ['f.tsv:1: no tab'] },
};

describe('descriptionReport', () => {
  it('has a line for every measure, a column for every split', () => {
    const report = descriptionReport(description);
    expect(report).toMatch(/^language +not stated$/m);
    expect(report).toMatch(/^level +word \(tokenizer nfc@1, lowercase@1, words@1\)$/m);
    expect(report).toMatch(/^file +f\.tsv, 2\.0 KiB, SHA-256 ab12$/m);
    expect(report).toMatch(/^in the files +a<b 1,200, c 0$/m);
    expect(report).toMatch(/^warning +one file is all data$/m);
    expect(report).toMatch(/^malformed +1 line left out$/m);
    expect(report).toMatch(/^examples +1,000 +1,000$/m);
    expect(report).toMatch(/^tokens per text: 5% to 95% +2 to 40 +2 to 40$/m);
    expect(report).toMatch(/^tokens not in the training data +– +3\.12%$/m);
    expect(report).toMatch(/^exponent of Zipf's law +1\.057$/m);
    expect(report).toMatch(/^wrong labels, estimated +cannot be estimated: .* only 60\.0% of the labels$/m);
    expect(report).toMatch(/^repeated 4-grams of words +90\.0% \(made from templates\)$/m);
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
    expect(report).toMatch(/60 classes in total/);
  });
});

describe('descriptionPage', () => {
  it('has tables and three charts for wide and narrow windows, and escapes what comes from data', async () => {
    const page = await descriptionPage(description);
    expect(page.match(/<svg/g)).toHaveLength(6);
    expect(page).toContain('<h1>an &lt;example&gt;: what the dataset is like</h1>');
    expect(page).toContain('a pool &amp; no more');
    expect(page).toContain('&quot;&lt;/script&gt;&quot;');
    expect(page).not.toContain('</script>');
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });

  it('asks nothing of a network', async () => {
    const page = await descriptionPage(description);
    const addresses = page.match(/\b(?:src|href|url)\s*[=(]\s*["']?[^"')\s]*/g);
    expect(addresses).toEqual(['href="data:,']);
    expect(page).not.toMatch(/@import|<(?:script|iframe|img|object|embed)\b/);
  });

  it('says to readers who see nothing what charts show and what cells belong to', async () => {
    const page = await descriptionPage(description);
    const [wide, narrow] = [
      ...page.matchAll(/<div class="(wide|narrow)" role="img" aria-label="(Histogram[^"]*)"/g),
    ];
    expect([wide?.[1], narrow?.[1]]).toEqual(['wide', 'narrow']);
    expect(wide?.[2]).toMatch(/lengths in words/);
    expect(page.match(/role="img"/g)).toHaveLength(6);
    // Of marks one by one nobody wants to hear, and an id that two charts have would lead to the wrong one.
    expect(page.match(/<svg[^]*?<\/svg>/g)?.join()).not.toMatch(/aria-label=|\bid=/);
    const headed = /^<tr>(?:<th scope="row">|<td><\/td><th scope="col">|<th scope="col">)/;
    expect(page.match(/<tr>.*<\/tr>/g)?.filter((row) => !headed.test(row))).toEqual([]);
    expect(page.match(/<table/g)).toHaveLength(5);
    expect(page.match(/<table class="\w+" aria-label="[^"]+">/g)).toHaveLength(5);
    expect(page).toContain('<td></td><th scope="col">train</th><th scope="col">valid</th>');
  });
});

describe('charts of a description', () => {
  it('say what they leave out, how wide bars are and where a model stops', () => {
    expect(lengthChart(description).caption).toBe(
      'Number of training texts by their length in words, 5 lengths per bar. Not shown: 1 text of 10 or more. ' +
        'A model sees the first 7 of a text (dashed line).',
    );
  });

  it('put the bar of one length around its number', async () => {
    const histogram = [
      { from: 3, to: 4, count: 3 },
      { from: 4, to: 5, count: 6 },
    ];
    const one = { ...split, tokensInText: { ...distribution, histogram } };
    const { caption, specification } = lengthChart({ ...description, maxTokens: 9, splits: [one] });
    expect(caption).toBe('Number of training texts by their length in words.');
    expect(JSON.stringify(specification('wide'))).toContain('[{"from":2.5,"to":3.5,"texts":3},{"from":3.5,');
    expect(await renderChart(specification('wide'))).toContain('>texts</text>');
  });

  it('draw the largest classes only where there are many, in the order of the table', async () => {
    const labels = Array.from({ length: 60 }, (_, place) => `class ${place}`);
    const counts = labels.map((label, place) => ({ label, count: place === 7 ? 900 : place }));
    const many = { ...description, labels, splits: [{ ...split, classes: { counts, entropy: 1 } }] };
    const { caption, specification } = classChart(many);
    expect(caption).toMatch(/Only the 40 of 60 classes with the most training examples are shown\./);
    const svg = await renderChart(specification('wide'));
    const drawn = Array.from(svg.matchAll(/>(class \d+)</g), ([, name]) => name);
    expect(drawn).toEqual(['class 7', ...labels.slice(21)]);
    expect(classChart(description).caption).not.toMatch(/Drawn/);
  });

  it('are as wide as the window that shows them', async () => {
    for (const chart of [lengthChart, classChart, frequencyChart]) {
      const { specification } = chart(description);
      expect(await renderChart(specification('wide'))).toMatch(/^<svg [^>]*width="680"/);
      expect(await renderChart(specification('narrow'))).toMatch(/^<svg [^>]*width="340"/);
    }
  });

  it('draw a law only where there is an exponent', () => {
    expect(frequencyChart(description).caption).toMatch(/maximum-likelihood exponent, 1\.057\.$/);
    expect(frequencyChart(description).alternative).toMatch(
      /from 8,000 occurrences at rank 1 to 1 at rank 4\.$/,
    );
    const ranks = [{ rank: 1, frequency: 7 }];
    const vocabulary = { ...description.vocabulary, types: 1, zipfExponent: null, ranks };
    const { caption, specification } = frequencyChart({ ...description, vocabulary });
    expect(caption).not.toMatch(/line/);
    expect(JSON.stringify(specification('narrow'))).toContain('"data":{"values":[]},"mark":{"type":"line"');
  });
});

it('escapes text for HTML', () => {
  expect(escapeHtml(`<a href="x">&'\ud800`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;\ufffd');
});

it('formats shares, figures and numbers of things', () => {
  expect([0, 0.00123, 0.0999, 0.5, 1].map(share)).toEqual(['0.00%', '0.12%', '9.99%', '50.0%', '100.0%']);
  expect([3, 12.345, 123.45, 12_345.6].map(figure)).toEqual(['3', '12.35', '123.5', '12,346']);
  const counted = [1, 0, 1200].map((count) => plural(count, 'error'));
  expect(counted).toEqual(['1 error', '0 errors', '1,200 errors']);
});
