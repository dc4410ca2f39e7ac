import * as v from 'valibot';
import type { AdvError } from './errors.js';
import type { Rule } from './rules.js';
import { shownValue } from './shown.js';

/** What a value that was read from a file must be; the message of each schema says it in words, to follow "expected". */
export type Schema<Value = unknown> = v.GenericSchema<unknown, Value>;

/** The type of the values that a schema takes. */
export type Kept<Of extends Schema> = v.InferOutput<Of>;

type Entries = Readonly<Record<string, Schema>>;
type OptionalNames<Of extends Entries> = {
  [Name in keyof Of]: Of[Name] extends OptionalSchema ? Name : never;
}[keyof Of];
type OptionalSchema = v.ExactOptionalSchema<Schema, undefined>;

/** Members with the documentation that stands at their entries. */
type Fields<Of extends Entries> = {
  readonly [Name in keyof Of as Exclude<Name, OptionalNames<Of>>]: Kept<Of[Name]>;
} & {
  readonly [Name in keyof Of as Extract<Name, OptionalNames<Of>>]?: Kept<Of[Name]>;
};

const object = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object',
);

/** A value that keeps a rule. */
export function kept<Value>(rule: Rule<Value>): Schema<Value> {
  return v.custom<Value>((value) => rule.accepts(value), rule.expected);
}

/** An object with these members; it may have others. */
export function fields<const Of extends Entries>(entries: Of): Schema<Fields<Of>> {
  // A member that is missing is told in the words of what it should be.
  const missing = ({ path }: v.BaseIssue<unknown>): string =>
    expectedBy(entries[String(path?.at(-1)?.key)] ?? object);
  return v.pipe(object, v.object(entries, missing)) as unknown as Schema<Fields<Of>>;
}

/** An object with these members and no others. */
export function closed<const Of extends Entries>(entries: Of): Schema<Fields<Of>> {
  const known = v.rawCheck<object>(({ dataset, addIssue }) => {
    const stranger = dataset.typed && Object.keys(dataset.value).find((name) => !(name in entries));
    if (typeof stranger !== 'string') return;
    addIssue({ message: `members among ${Object.keys(entries).join(', ')}`, input: stranger });
  });
  const these = fields(entries) as v.GenericSchema<object, Fields<Of>>;
  return v.pipe(object, known, these);
}

/** An object of any members, each of one schema. */
export function recordOf<Value>(schema: Schema<Value>): Schema<Readonly<Record<string, Value>>> {
  return v.pipe(object, v.record(v.string(), schema));
}

/** A list, each item of one schema. */
export function listOf<Value>(schema: Schema<Value>): Schema<readonly Value[]> {
  return v.array(schema, 'a list');
}

/** Null, or a value of a schema. */
export function orNull<Value>(schema: Schema<Value>): Schema<Value | null> {
  return v.nullable(schema);
}

/** A member that may be missing. */
export function optional<Value>(schema: Schema<Value>): v.ExactOptionalSchema<Schema<Value>, undefined> {
  return v.exactOptional(schema);
}

/**
 * The first thing that is wrong with a value.
 *
 * @returns "place: expected …, got …"; undefined when nothing is wrong
 */
export function problemOf(schema: Schema, value: unknown): string | undefined {
  const issue = v.safeParse(schema, value, { abortEarly: true }).issues?.[0];
  if (issue === undefined) return undefined;
  const place = (issue.path ?? []).reduce((before, { key }) => within(before, key), '');
  return `${place === '' ? '' : `${place}: `}expected ${issue.message}, got ${shownValue(issue.input)}`;
}

/**
 * The value itself, with members that the schema does not name, once it is known to be of the schema.
 *
 * @throws what `refuse` makes of the first problem
 */
export function checked<Value>(
  schema: Schema<Value>,
  value: unknown,
  refuse: (problem: string) => AdvError,
): Value {
  const problem = problemOf(schema, value);
  if (problem !== undefined) throw refuse(problem);
  return value as Value;
}

function within(place: string, key: unknown): string {
  if (typeof key === 'number') return `${place}[${key}]`;
  return place === '' ? String(key) : `${place}.${String(key)}`;
}

function expectedBy(schema: Schema & { readonly message?: unknown; readonly wrapped?: Schema }): string {
  return schema.wrapped === undefined ? String(schema.message) : expectedBy(schema.wrapped);
}
