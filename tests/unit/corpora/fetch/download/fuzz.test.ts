import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allCorpora } from '../../../../../src/corpora/all.js';
import { mirrorVariable, sourcesOf } from '../../../../../src/corpora/sources.js';
import { PartFile } from '../../../../../src/corpora/fetch/download/part-file.js';
import { memoryFolder, untilClosed } from '../../../fuzz/files.js';
import { fuzz } from '../../../fuzz/fuzz.js';
import { mutatedJson } from '../../../fuzz/json-mutator.js';
import { mutatedText } from '../../../fuzz/mutator.js';

const url = 'http://localhost/file';
const corpora = allCorpora();

test('notes of any content give a place that a server can be asked to go on from, or none', async () => {
  const folder = memoryFolder();
  const part = new PartFile(join(folder, 'file'));
  writeFileSync(part.path, 'twelve bytes');
  const notes = [
    { url, entityTag: '"strong"', total: 40 },
    { url, entityTag: '"strong"' },
  ];
  let points = 0;
  await fuzz({
    name: 'notes of downloads',
    input: (random) => mutatedJson(random, notes),
    read: async (text) => {
      writeFileSync(`${part.path}.json`, text);
      const point = await part.resumePoint(url);
      if (point === undefined) return;
      points++;
      expect(point.offset).toBe(12);
      // What cannot be sent would be refused in every attempt, again and again.
      expect(new Headers({ 'if-range': point.entityTag }).get('if-range')).toBe(point.entityTag);
      expect(point.total === undefined || (Number.isSafeInteger(point.total) && point.total >= 12)).toBe(
        true,
      );
    },
    refusals: [],
  });
  await untilClosed(folder);
  expect(points).toBeGreaterThan(500);
  expect(points).toBeLessThan(9_500);
});

test('any address of a mirror gives addresses of files, or is refused', async () => {
  const addresses = [
    'https://example.org/data',
    'http://localhost:8080/a%20b/',
    'http://user:word@[::1]/x?y#z',
  ];
  const outcomes = await fuzz({
    name: 'mirrors',
    input: (random) => ({
      corpus: random.pick(corpora),
      mirror: mutatedText(random, {
        seeds: addresses,
        words: ['/', '?', '#', '..', '%', ':', 'file:', '//', ' '],
      }),
    }),
    read: ({ corpus, mirror }) => {
      const sources = sourcesOf(corpus, { [mirrorVariable(corpus.name)]: mirror });
      const urls = sources.flatMap((source) =>
        source.kind === 'archive' ? [source.url] : Object.values(source.urls),
      );
      expect(urls.length).toBeGreaterThan(0);
      for (const address of urls) expect(new URL(address).protocol).toMatch(/^https?:$/);
    },
    refusals: ['USAGE'],
  });
  expect(outcomes.valid).toBeGreaterThan(2_000);
  expect(outcomes.refused).toBeGreaterThan(1_000);
});
