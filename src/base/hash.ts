/**
 * Spreads 32 bits: each bit of the input changes about half of those of the result, and different inputs give different
 * results. The last step of MurmurHash3 (Appleby 2011).
 *
 * @param value taken as 32 bits
 * @returns a signed integer of 32 bits
 */
export function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/**
 * A hash of a string by its UTF-16 code units: FNV-1a (Fowler, Noll and Vo) over the units instead of bytes, mixed.
 *
 * @returns a signed integer of 32 bits
 */
export function stringHash(text: string): number {
  let bits = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    bits = Math.imul(bits ^ text.charCodeAt(place), 0x01000193);
  }
  return mixed(bits);
}
