/** A way in which two labels may differ that a reader hardly sees, and what takes the difference away. */
export interface Likeness {
  /** What differs, to follow "differ by". */
  readonly what: string;
  readonly without: (label: string) => string;
}

/** Unicode's ignorable characters show nothing; those that name the flags of regions do. */
const invisible = /(?![\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}/gu;

/** A letter and its sound mark are one letter in the usual width. */
const formsOfWidth = /[\uff01-\uffee]+/gu;

const quoted = /^\s*"(.*)"\s*$/su;

/** Numbers that are integers: fractions may be the numbers of chapters or versions, of which 1.1 and 1.10 are two. */
const integer = /^\+?(-?)0*(\d+)(?:\.0+)?$/u;

/** In an order in which each finds what those before it have left. */
const likenesses: readonly Likeness[] = [
  { what: 'invisible characters', without: (label) => label.replace(invisible, '') },
  { what: 'the width of characters', without: (label) => label.replace(formsOfWidth, usualWidth) },
  { what: 'case', without: (label) => label.toLowerCase() },
  { what: 'how letters are composed', without: (label) => label.normalize('NFC') },
  { what: 'quotes', without: (label) => label.replace(quoted, '$1') },
  { what: 'white space', without: (label) => label.replace(/\s+/gu, ' ').trim() },
  { what: 'how a number is written', without: (label) => label.replace(integer, '$1$2') },
];

function usualWidth(characters: string): string {
  return characters.normalize('NFKC');
}

/** What labels have in common that a reader takes for the same: equal for them, different for all others. */
export function likenessKey(label: string): string {
  return reduced(label, likenesses);
}

/** In what ways labels of one {@link likenessKey} differ, in words: "case", "case and white space". */
export function differenceOf(labels: readonly string[]): string {
  const alike = (apply: (label: string) => string): boolean => new Set(labels.map(apply)).size === 1;
  const single = likenesses.find(({ without }) => alike(without));
  if (single !== undefined) return single.what;
  // What is needed is what the others together do not take away.
  const needed = likenesses.filter((one) => {
    const others = likenesses.filter((other) => other !== one);
    return !alike((label) => reduced(label, others));
  });
  const changing = likenesses.filter(({ without }) => labels.some((label) => without(label) !== label));
  return (needed.length > 0 ? needed : changing).map(({ what }) => what).join(' and ');
}

/**
 * For a message on an unknown label: which of the known ones looks like it, and how it differs; nothing where none does.
 *
 * @param labels that are known; they are looked at with the first unknown one
 */
export function likenessTo(labels: readonly string[]): (unknown: string) => string {
  let byKey: ReadonlyMap<string, string> | undefined;
  return (unknown) => {
    byKey ??= new Map(labels.map((label) => [likenessKey(label), label]));
    const like = byKey.get(likenessKey(unknown));
    return like === undefined
      ? ''
      : `; '${legible(like)}' differs from it by ${differenceOf([unknown, like])} alone`;
  };
}

function reduced(label: string, by: readonly Likeness[]): string {
  return by.reduce((rest, { without }) => without(rest), label);
}

/** Joined characters of Korean syllables, marks, ignorable characters, and white space but for the usual one. */
const hardlySeen = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Cc}\u1100-\u11ff]|(?! )\s/gu;

/** A label as a message shows it beside another that looks the same: what hides the difference is written by its number. */
export function legible(label: string): string {
  return label.replace(hardlySeen, (character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    return number.length > 4 ? `\\u{${number}}` : `\\u${number}`;
  });
}
