/** White space that is no single space: most texts have none, and to find that out is all they cost. */
const notSingleSpace = /[^\S ]\s*| \s+/gu;

/** Turns every run of white space into one space, and takes away what stands at either end. */
export function squeezeSpace(text: string): string {
  return text.replace(notSingleSpace, ' ').trim();
}
