/**
 * Answers the questions of the bAbI tasks from their text alone, by following who went where and who holds what. Written
 * against the sentences, not against the simulator. Undefined when the answer does not follow from the story.
 */
export function solve(text: string): string | undefined {
  const place = new Map<string, string>();
  const holder = new Map<string, string>();
  const parts = text.match(/[^.?]+[.?]/g) ?? [];
  for (const sentence of parts.slice(0, -1)) follow(sentence.trim(), place, holder);
  return answer((parts.at(-1) ?? '').trim(), place, holder);
}

function follow(sentence: string, place: Map<string, string>, holder: Map<string, string>): void {
  const [, mover, to] =
    /^(\w+) (?:went|journeyed|travelled|moved|went back) to the (\w+)\.$/.exec(sentence) ?? [];
  const [, getter, got] = /^(\w+) (?:grabbed|took|got|picked up) the (\w+) there\.$/.exec(sentence) ?? [];
  const [, dropper, dropped] = /^(\w+) (?:dropped|put down|discarded|left) the (\w+)\.$/.exec(sentence) ?? [];
  if (mover !== undefined && to !== undefined) {
    if (place.get(mover) === to) throw new Error(`no move to another place: ${sentence}`);
    place.set(mover, to);
  } else if (getter !== undefined && got !== undefined) {
    if (holder.has(got)) throw new Error(`already in someone's hands: ${sentence}`);
    holder.set(got, getter);
  } else if (dropper !== undefined && dropped !== undefined) {
    if (holder.get(dropped) !== dropper) throw new Error(`not in their hands: ${sentence}`);
    holder.delete(dropped);
  } else {
    throw new Error(`not a sentence of the world: ${sentence}`);
  }
}

function answer(
  question: string,
  place: Map<string, string>,
  holder: Map<string, string>,
): string | undefined {
  const thing = /^Where is the (\w+)\?$/.exec(question)?.[1];
  if (thing !== undefined) return place.get(holder.get(thing) ?? '');
  const actor = /^Where is (\w+)\?$/.exec(question)?.[1];
  if (actor !== undefined) return place.get(actor);
  const [, asked, where] = /^Is (\w+) in the (\w+)\?$/.exec(question) ?? [];
  if (asked === undefined) throw new Error(`not a question of the tasks: ${question}`);
  const known = place.get(asked);
  return known === undefined ? undefined : known === where ? 'yes' : 'no';
}
