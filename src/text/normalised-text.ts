/**
 * What two texts must have in common to count as the same: composed characters (NFC), small letters, single spaces and none
 * at the ends. Composed again after lower-casing, which can take a letter apart.
 */
export function normalisedText(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC').replace(/\s+/gu, ' ').trim();
}
