/**
 * Characters of the bytes 0x80 to 0x9f; the five that the code page leaves open are control characters of the same number, as
 * the WHATWG's Encoding Standard has it. All other bytes are the characters of their number.
 */
const specials = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Decodes Windows-1252, which every byte is valid in. Not left to TextDecoder: versions of Node decode the bytes 0x80 to 0x9f
 * differently.
 */
export function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[\x80-\x9f]/g, (character) => specials.charAt(character.charCodeAt(0) - 0x80));
}
