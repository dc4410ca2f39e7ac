import { expect, it } from 'vitest';
import { anyText, choice, integer } from '../../../src/base/rules.js';
import { fields, kept, listOf, optional, orNull, problemOf, recordOf } from '../../../src/base/schema.js';

const schema = fields({
  name: kept(anyText),
  places: listOf(fields({ row: kept(integer(0)) })),
  kind: optional(kept(choice('a', 'b'))),
  limit: orNull(kept(integer(1))),
  versions: recordOf(kept(anyText)),
});
const right = { name: '', places: [{ row: 0 }, { row: 7 }], limit: null, versions: { node: '20' } };

it('takes what it asks for, and more members', () => {
  expect(problemOf(schema, right)).toBeUndefined();
  expect(problemOf(schema, { ...right, kind: 'b', limit: 3, versions: {}, more: [] })).toBeUndefined();
});

it.each([
  [null, 'expected an object, got null'],
  [[], 'expected an object, got []'],
  [{}, 'name: expected a string, got nothing'],
  [{ ...right, places: {} }, 'places: expected a list, got {}'],
  [
    { ...right, places: [{ row: 0 }, { row: -1 }] },
    'places[1].row: expected an integer from 0 to 9007199254740991, got -1',
  ],
  [{ ...right, places: [null] }, 'places[0]: expected an object, got null'],
  [{ ...right, kind: null }, 'kind: expected one of a, b, got null'],
  [{ ...right, limit: undefined }, 'limit: expected an integer from 1 to 9007199254740991, got nothing'],
  [{ ...right, versions: { node: 20 } }, 'versions.node: expected a string, got 20'],
  [{ ...right, versions: 'abc' }, "versions: expected an object, got 'abc'"],
])('says where %j is wrong', (value, problem) => {
  expect(problemOf(schema, value)).toBe(problem);
});

it('looks at own members only', () => {
  expect(problemOf(fields({ constructor: kept(anyText) }), {})).toMatch(/^constructor: expected a string/);
});
