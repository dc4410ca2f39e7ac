import { describe, expect, it, test } from 'vitest';
import { allChoices, choiceName, parseChoice, trainArguments } from '../../../../src/bench/epochs/choice.js';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import { advError } from '../../support.js';

const names = ['babi-1', 'babi-1-10k', 'czech-mall', 'dsl'];

describe('a choice', () => {
  test.each([
    ['dsl', { dataset: 'dsl', level: undefined, limit: undefined }],
    ['dsl:10000', { dataset: 'dsl', level: undefined, limit: 10_000 }],
    ['czech-mall:char', { dataset: 'czech-mall', level: 'char', limit: undefined }],
    ['babi-1-10k:word:500', { dataset: 'babi-1-10k', level: 'word', limit: 500 }],
  ])('is read from %s, and written so', (written, choice) => {
    expect(parseChoice(written, names)).toEqual(choice);
    expect(choiceName(parseChoice(written, names))).toBe(written);
  });

  test.each([
    ...['dsk', '', ':char', 'dsl:', 'dsl:byte', 'dsl:0', 'dsl:-5', 'dsl:1e3', 'dsl:10:char', 'dsl:char:'],
  ])('is refused as %j', (written) => {
    const wrong = advError('USAGE', /expected NAME, NAME:LIMIT, NAME:LEVEL or .*, got '/, /babi-1-10k, /);
    expect(() => parseChoice(written, names)).toThrow(wrong);
  });
});

it('takes every dataset at its own level, and the Czech reviews by characters too', async () => {
  const known = (await catalogue.list()).map(({ name }) => name);
  const choices = allChoices(known).map(choiceName);
  expect(choices).toEqual(expect.arrayContaining([...known, 'czech-csfd:char', 'czech-mall:char']));
  expect(choices).toHaveLength(known.length + 2);
});

it('trains one epoch of the paper’s model and leaves the rest to the defaults', () => {
  const train = ['train', '--preset', 'paper'];
  const run = ['--epochs', '1', '--offline', '--out', 'runs/a', '--json'];
  expect(trainArguments(parseChoice('dsl', names), 'runs/a')).toEqual([...train, '--dataset', 'dsl', ...run]);
  expect(trainArguments(parseChoice('dsl:word:70000', names), 'runs/a')).toEqual([
    ...[...train, '--dataset', 'dsl', '--level', 'word', '--limit', '70000'],
    ...run,
  ]);
});
