/**
 * Compares two strings by their code points, for sorting. The built-in comparison goes by UTF-16 code units, which
 * places U+1F600 before U+FFFD.
 *
 * @returns a negative number, 0 or a positive number
 */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let place = 0;
  while (place < shorter && a.charCodeAt(place) === b.charCodeAt(place)) place++;
  if (place === shorter) return a.length - b.length;
  return rank(a.charCodeAt(place)) - rank(b.charCodeAt(place));
}

/** Moves surrogates above all other code units: they stand for the code points from U+10000. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
