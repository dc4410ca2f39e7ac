import type { Random } from '../../../src/base/random.js';
import { mutatedText } from './mutator.js';

/** A member or an item: what holds it, and under which name. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

/**
 * A JSON text with one to three parts of its value changed: left out, renamed, moved, another one, or of a type or size that
 * readers do not expect. In one of eight, characters are changed instead.
 */
export function mutatedJson(random: Random, seeds: readonly unknown[]): string {
  const text = JSON.stringify(random.pick(seeds));
  if (random.below(8) === 0) return mutatedText(random, { seeds: [text] });
  const root: Record<string, unknown> = { value: JSON.parse(text) as unknown };
  for (let changes = random.pick([1, 1, 1, 2, 3]); changes > 0; changes--) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const { holder, name } = random.pick(places);
    const kind = random.below(10);
    if (kind === 0) remove(holder, name);
    else if (kind === 1) rename(holder, name, random.pick(['', '__proto__', 'constructor', 'length', 'x']));
    else if (kind === 2) holder[name] = copyOf(random.pick(places));
    else if (kind === 3) holder[name] = random.pick([[holder[name]], { value: holder[name] }]);
    else if (kind < 7) holder[name] = nudged(random, holder[name]);
    else holder[name] = structuredClone(random.pick(awkward));
  }
  // JSON.stringify() writes no number that JSON.parse() takes for infinite.
  return ((JSON.stringify(root['value']) as string | undefined) ?? '').replaceAll('"1e999"', '1e999');
}

const awkward: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.25, 2 ** 31, 2 ** 53, 1e308, '1e999', '', '0', 'x'.repeat(3000), '\ud800'],
  ...[[], {}, [null], [[]], [0, 0], { length: 2 }, '__proto__'],
  ...[Array.from({ length: 300 }, () => 0), nested(40)],
];

function nested(depth: number): unknown {
  return depth === 0 ? [] : [nested(depth - 1)];
}

/** Everything that can be changed, the whole value included. */
function placesIn(holder: Record<string, unknown>, found: Place[] = []): Place[] {
  for (const [name, value] of Object.entries(holder)) {
    found.push({ holder, name });
    if (typeof value === 'object' && value !== null) placesIn(value as Record<string, unknown>, found);
  }
  return found;
}

/** Another value of the same type. */
function nudged(random: Random, value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return random.pick([value + 1, value - 1, 2 * value, value / 2]);
    case 'string':
      return mutatedText(random, { seeds: [value], mostChanges: 1 });
    case 'boolean':
      return !value;
    default:
      return value;
  }
}

function copyOf({ holder, name }: Place): unknown {
  return JSON.parse(JSON.stringify(holder[name] ?? null));
}

function remove(holder: Record<string, unknown>, name: string): void {
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else Reflect.deleteProperty(holder, name);
}

/** Items of a list have no name to change. A name such as __proto__ is defined, not assigned, which would change the object itself. */
function rename(holder: Record<string, unknown>, name: string, to: string): void {
  const value = holder[name];
  remove(holder, name);
  if (Array.isArray(holder)) return;
  Object.defineProperty(holder, to, { value, enumerable: true, configurable: true, writable: true });
}
