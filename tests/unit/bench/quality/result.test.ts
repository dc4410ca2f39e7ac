import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  findResult,
  readResults,
  requireResults,
  storeResult,
} from '../../../../src/bench/quality/result.js';
import { advError, put, temporaryFolder } from '../../support.js';
import { result } from './fixtures.js';

describe('a folder of results', () => {
  it('gives back what was stored, by dataset, system and seed', async () => {
    const folder = join(await temporaryFolder(), 'new', 'quality');
    const others = [
      { ...result, seed: 2 },
      { ...result, system: 'adversarial+dropout' },
      { ...result, dataset: 'own/../data' },
    ];
    for (const one of [result, ...others]) await storeResult(folder, one);
    expect(await findResult(folder, result)).toEqual(result);
    for (const one of others) expect(await findResult(folder, one)).toEqual(one);
    expect(await findResult(folder, { ...result, seed: 3 })).toBeUndefined();
    expect(await readdir(folder)).toEqual(['dsl-10000', 'own-..-data']);
    const all = await readResults(folder);
    expect(all).toHaveLength(4);
    expect(all).toEqual(expect.arrayContaining([result, ...others]));
  });

  it('takes no result of other options for the one that is asked for', async () => {
    const folder = await temporaryFolder();
    await storeResult(folder, result);
    const wrong = advError(
      'USAGE',
      /svm-seed1\.json has the result of 'C 1', expected that of 'C 2'/,
      /--out/,
    );
    await expect(findResult(folder, { ...result, options: ['C', '2'] })).rejects.toThrow(wrong);
  });

  it('says which file is no result', async () => {
    const folder = await temporaryFolder();
    const path = await put(folder, 'dsl-10000/svm-seed1.json', '{"dataset": "dsl:10000"');
    const broken = advError('STORAGE', `${path} is no result: expected JSON: `, /Remove it/);
    await expect(findResult(folder, result)).rejects.toThrow(broken);
    await put(folder, 'dsl-10000/svm-seed1.json', JSON.stringify({ ...result, seconds: null }));
    const lacking = advError('STORAGE', /seconds: expected a finite number/, /Remove it/);
    await expect(readResults(folder)).rejects.toThrow(lacking);
  });

  it('may have none, unless they are asked for', async () => {
    const folder = join(await temporaryFolder(), 'none');
    expect(await readResults(folder)).toEqual([]);
    await expect(requireResults(folder)).rejects.toThrow(advError('USAGE', /has none$/, /--out /));
  });
});
