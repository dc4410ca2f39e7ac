import { at } from '../../../base/at.js';
import { unitOf, voicedPartner, voicelessPartner } from './sounds.js';

const v = unitOf('v');
const voicedR = unitOf('ř');
const voicelessR = voicelessPartner(voicedR);

/** What a consonant hears from the sound behind it. A vowel or sonorant tells nothing: it is free. */
type Heard = 'voiced' | 'voiceless' | 'free';

/**
 * Makes obstruents beside each other agree in voice, in place. The last of them decides (kde → gde, obchod → opχot), and at
 * the end of a word all of them are voiceless (hrad → hrat, hvozd → hvost). v and ř follow (včera → fčera) but
 * decide nothing (tvůj, při): what stands before them hears what they hear. ř also follows what is before it (při → pɼi).
 */
export function assimilateVoicing(sounds: number[]): void {
  followNext(sounds);
  for (let place = 1; place < sounds.length; place++) {
    if (at(sounds, place) === voicedR && voicedPartner(at(sounds, place - 1)) !== 0)
      sounds[place] = voicelessR;
  }
}

function followNext(sounds: number[]): void {
  let heard: Heard = 'voiceless';
  for (let place = sounds.length - 1; place >= 0; place--) {
    const sound = at(sounds, place);
    const withoutVoice = voicelessPartner(sound);
    const withVoice = voicedPartner(sound);
    if (withoutVoice === 0 && withVoice === 0) heard = 'free';
    else if (heard === 'voiceless') sounds[place] = withoutVoice || sound;
    else if (heard === 'voiced') sounds[place] = withVoice || sound;
    else if (sound !== v && sound !== voicedR) heard = withoutVoice === 0 ? 'voiceless' : 'voiced';
  }
}
