import { at } from '../../../base/at.js';
import { isConsonant, pairOf, unitOf } from './sounds.js';

/** Consonants that are made where the next one is made: both, and what is heard for the first. */
const adapted = new Map(
  Object.entries({ nk: 'ŋ', ng: 'ŋ', mf: 'ɱ', mv: 'ɱ', tť: 'ť', dď: 'ď', nň: 'ň' }).map(([both, heard]) => [
    pairOf(both.charCodeAt(0), both.charCodeAt(1)),
    unitOf(heard),
  ]),
);

/**
 * What consonants do to the one before them apart from voice: n and m move to the place of what follows (banka → baŋka,
 * tramvaj → traɱvaj), and the same one twice is heard once (denní → deňí, vyšší → viší).
 */
export function settleNeighbours(sounds: readonly number[]): number[] {
  const backwards: number[] = [];
  let nextWritten = 0;
  let next = 0;
  for (let place = sounds.length - 1; place >= 0; place--) {
    const written = at(sounds, place);
    const sound = adapted.get(pairOf(written, next)) ?? written;
    const isSame = (sound === next || written === nextWritten) && isConsonant(sound);
    nextWritten = written;
    if (isSame) continue;
    backwards.push(sound);
    next = sound;
  }
  return backwards.reverse();
}
