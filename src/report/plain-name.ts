/** A heading as the name of a place in a page or of a file: lower-case letters and digits, with dashes between words. */
export const plainName = (heading: string): string =>
  heading
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-|-$/gu, '');
