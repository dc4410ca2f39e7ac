/** How many code points a text has: its length, but for surrogate pairs, which count once. */
export function codePointCount(text: string): number {
  let count = text.length;
  for (let place = 0; place + 1 < text.length; place++) {
    if (!isHighSurrogate(text.charCodeAt(place)) || !isLowSurrogate(text.charCodeAt(place + 1))) continue;
    count -= 1;
    place += 1;
  }
  return count;
}

/** True for the first half of a surrogate pair. */
export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** True for the second half of a surrogate pair. */
export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
