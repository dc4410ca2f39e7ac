import { list, text } from '../base/rules.js';
import { fields, kept, type Kept } from '../base/schema.js';
import { NgramFeatures } from '../text/ngrams/features.js';
import { ngramKindText, parseNgramKinds } from '../text/ngrams/kind.js';

/** What a model file must hold of the n-grams that the model reads. */
export const ngramSchema = fields({
  /** Such as 'char:1-5'. */
  kinds: kept(list('n-grams')),
  /** The table of features (see src/text/ngrams/features.ts): 32 bits each, little-endian, in base64. */
  hashes: kept(text),
  inverseFrequencies: kept(text),
});

/** N-grams as a model file holds them. */
export interface NgramEntry extends Kept<typeof ngramSchema> {}

/** The entry of some features. */
export function ngramEntry({ table }: NgramFeatures): NgramEntry {
  const { kinds, hashes, inverseFrequencies } = table;
  return {
    kinds: kinds.map(ngramKindText),
    hashes: base64Of(hashes.length, (view, at, place) => {
      view.setUint32(at, hashes[place] ?? 0, true);
    }),
    inverseFrequencies: base64Of(hashes.length, (view, at, place) => {
      view.setFloat32(at, inverseFrequencies[place] ?? 0, true);
    }),
  };
}

/**
 * The features of an entry.
 *
 * @returns what is wrong with it where it is no such entry
 */
export function featuresOf({ kinds: named, hashes, inverseFrequencies }: NgramEntry): NgramFeatures | string {
  const kinds = parseNgramKinds(named);
  if (kinds === undefined) return `expected n-grams such as char:1-5, got ${named.join(', ')}`;
  const [hashed, weighed] = [viewOf(hashes), viewOf(inverseFrequencies)];
  if (hashed === undefined || weighed?.byteLength !== hashed.byteLength) {
    return 'expected as many hashes as weights of n-grams, in base64';
  }
  const length = hashed.byteLength / 4;
  return new NgramFeatures({
    kinds,
    hashes: Uint32Array.from({ length }, (_, place) => hashed.getUint32(4 * place, true)),
    inverseFrequencies: Float32Array.from({ length }, (_, place) => weighed.getFloat32(4 * place, true)),
  });
}

/** Never empty: what is no text is refused, so that a file without features holds a mark for it. */
const none = '=';

function base64Of(count: number, put: (view: DataView, at: number, place: number) => void): string {
  if (count === 0) return none;
  const bytes = new Uint8Array(4 * count);
  const view = new DataView(bytes.buffer);
  for (let place = 0; place < count; place++) put(view, 4 * place, place);
  // In pieces: a call takes no more arguments than fit the stack.
  let binary = '';
  for (let first = 0; first < bytes.length; first += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(first, first + 0x8000));
  }
  return btoa(binary);
}

function viewOf(base64: string): DataView | undefined {
  if (base64 === none) return new DataView(new ArrayBuffer(0));
  try {
    const binary = atob(base64);
    const bytes = Uint8Array.from({ length: binary.length }, (_, place) => binary.charCodeAt(place));
    return bytes.length % 4 === 0 ? new DataView(bytes.buffer) : undefined;
  } catch {
    return undefined;
  }
}
