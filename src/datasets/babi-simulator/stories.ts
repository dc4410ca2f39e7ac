import type { Random } from '../../base/random.js';
import { locations, World } from './world.js';

/** The bAbI tasks that the simulator knows: one supporting fact, two supporting facts, yes/no questions. */
export type SimulatedTask = 1 | 2 | 6;

/** A story so far with a question about it, as one text, and the word that answers it. */
export interface Question {
  readonly text: string;
  readonly answer: string;
}

const questionsOfStory = 5;
const sentencesBeforeQuestion = 2;

/** A story ends here even when questions are missing, so that no text is longer than 400 words. */
const longestStory = 50;

/**
 * An endless stream of questions. A story has five blocks of two sentences and a question; task 2 adds further pairs of
 * sentences until somebody whose place has been told holds a thing.
 */
export function* askQuestions(task: SimulatedTask, random: Random): Generator<Question, never, undefined> {
  for (;;) yield* tellStory(task, random);
}

function* tellStory(task: SimulatedTask, random: Random): Generator<Question, void, undefined> {
  const world = new World(random);
  const sentences: string[] = [];
  for (let asked = 0; asked < questionsOfStory && sentences.length < longestStory;) {
    for (let told = 0; told < sentencesBeforeQuestion; told++) {
      sentences.push(task === 2 ? world.event() : world.move());
    }
    const question = ask(task, world, random);
    if (question === undefined) continue;
    asked++;
    yield { text: [...sentences, question.text].join(' '), answer: question.answer };
  }
}

/** A question whose answer follows from the story, or undefined when there is nothing to ask yet. */
function ask(task: SimulatedTask, world: World, random: Random): Question | undefined {
  if (task === 2) {
    const held = world.locatedHeldThings;
    if (held.length === 0) return undefined;
    const thing = random.pick(held);
    return { text: `Where is the ${thing}?`, answer: world.placeOfThing(thing) };
  }
  const actor = random.pick(world.located);
  const place = world.placeOf(actor);
  if (task === 1) return { text: `Where is ${actor}?`, answer: place };
  const yes = random.below(2) === 1;
  const asked = yes ? place : random.pick(locations.filter((location) => location !== place));
  return { text: `Is ${actor} in the ${asked}?`, answer: yes ? 'yes' : 'no' };
}
