import { AdvError } from '../../base/errors.js';
import type { Tokenizer } from '../types.js';
import { steps as registered } from './registry.js';
import type { SplitStep, Step, TextStep, TokenStep } from './step.js';

/** Makes the error of a list of steps that cannot be used. */
export type RefuseSteps = (problem: string) => AdvError;

/**
 * The tokenizer that a list of steps describes: any text steps, exactly one split, any token steps.
 *
 * @param written each 'name', which means its newest version, or 'name@version'
 * @param refuse the error to throw; one for a wrong option when left out
 * @throws AdvError USAGE, or what `refuse` makes, when a step is unknown, there is none, or the order is wrong
 */
export function tokenizerOf(written: readonly string[], refuse: RefuseSteps = wrongOption): Tokenizer {
  const steps = written.map((one) => stepOf(one, refuse));
  const place = steps.findIndex(isSplit);
  const split = steps[place];
  const before = steps.slice(0, place);
  const after = steps.slice(place + 1);
  if (!split || !isSplit(split) || !before.every(isText) || !after.every(isToken)) {
    throw refuse(`expected ${order}, got ${describe(steps)}`);
  }
  const { level } = split;
  return { steps: steps.map(nameOf), level, tokenize: pipeline(before, split, after) };
}

/**
 * The tokenizer of a record, which must name the version of every step: without it the newest would be taken, and that may do
 * something else than the one that was recorded.
 *
 * @param recorded what stands in the record, of whatever type
 * @param refuse the error to throw
 * @throws what `refuse` makes, when it is no list of steps with versions, or this version of the package cannot do them
 */
export function recordedTokenizer(recorded: unknown, refuse: RefuseSteps): Tokenizer {
  if (!Array.isArray(recorded) || !recorded.every((step) => typeof step === 'string')) {
    throw refuse(`expected a list of steps, got ${JSON.stringify(recorded)}`);
  }
  const tokenizer = tokenizerOf(recorded, refuse);
  if (tokenizer.steps.join() === recorded.join()) return tokenizer;
  throw refuse(
    `expected the version of every step, such as ${tokenizer.steps.join()}, got ${recorded.join()}`,
  );
}

const order = "text steps, then exactly one split, then token steps, such as 'nfc,lowercase,words'";

function pipeline(
  textSteps: readonly TextStep[],
  split: SplitStep,
  tokenSteps: readonly TokenStep[],
): Tokenizer['tokenize'] {
  const splitText = (text: string): string[] => {
    // Lone surrogates become U+FFFD whatever the steps: text with them cannot be stored as UTF-8.
    let rewritten = text.toWellFormed();
    for (const step of textSteps) rewritten = step.apply(rewritten);
    return split.apply(rewritten);
  };
  if (tokenSteps.length === 0) return splitText;
  const rewriteToken = (token: string): string => tokenSteps.reduce((part, step) => step.apply(part), token);
  return (text) => splitText(text).map(rewriteToken);
}

function stepOf(written: string, refuse: RefuseSteps): Step {
  const step = registered.findLast((known) => written === known.name || written === nameOf(known));
  if (step !== undefined) return step;
  throw refuse(`expected steps among ${registered.map(nameOf).join(', ')}, got '${written}'`);
}

function nameOf({ name, version }: Step): string {
  return `${name}@${version}`;
}

/** What is wrong with an order is easiest to see with every step's kind beside it. */
function describe(steps: readonly Step[]): string {
  if (steps.length === 0) return 'no step';
  return steps.map(({ name, kind }) => `${name} (${kind})`).join(', ');
}

const isText = (step: Step): step is TextStep => step.kind === 'text';
const isSplit = (step: Step): step is SplitStep => step.kind === 'split';
const isToken = (step: Step): step is TokenStep => step.kind === 'token';

function wrongOption(problem: string): AdvError {
  return new AdvError(
    'USAGE',
    `--tokenizer: ${problem}`,
    'datasets/README.md says what each step does. Leave the option out for the tokenizer of the dataset.',
  );
}
