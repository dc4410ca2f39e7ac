import { onFirstUse } from '../../base/on-first-use.js';
import type { SplitStep } from './step.js';
import { brackets, entity, inAnyCase, punctuation, quotes, word } from './twokenize/alphabet.js';
import { emoticon } from './twokenize/emoticon.js';
import { scheme, url } from './twokenize/url.js';

const digits = String.raw`\p{Nd}+`;
const halfOfDay = `[aApP](?:[mM](?![${word}])|[.][mM][.])`;

/** 10:30, 7:05pm, 3:2; 7 p.m. is one token where nothing stands between. */
const time = `(?:${digits}(?::${digits})+(?:${halfOfDay})?|(?<![${word}])\\p{Nd}{1,2}${halfOfDay})`;

/** 1.234.567,50 as most of Europe writes it. */
const europeanNumber = String.raw`(?<!\p{Nd},)\p{Nd}{1,3}(?:\.\p{Nd}{3}){1,8},${digits}(?![.,]?\p{Nd})%?`;

/** 3.5, 3.5%, 192.168.0.1 */
const decimal = String.raw`${digits}(?:\.${digits})+%?`;

/** 1,234,567 and 1,234.50; 3,5 as most of Europe writes it. A list such as 1,2,3 is none. */
const commaNumber = String.raw`(?<!\p{Nd},)(?:\p{Nd}{1,3}(?:,\p{Nd}{3}){1,8}(?:\.${digits})?|${digits},${digits})(?!,?\p{Nd})%?`;

const number = `(?:${time}|${decimal}|${commaNumber})`;

/** One run of punctuation is one token, up to an emoticon. */
const punctuationRun = `(?:(?![.:;])[${punctuation}]|(?!${emoticon})[.:;])+`;

const commonAbbreviations =
  'mr|mrs|ms|dr|sr|jr|st|prof|vs|etc|ing|mgr|bc|judr|mudr|phdr|rndr|doc|tzv|tzn|tj|např|popř|resp|apod|atd';

/** U.S., e.g., s.r.o.; U.S without its last dot; what is common in English or Czech. */
const abbreviation = [
  String.raw`(?<![${word}])(?:(?:\p{L}\.){2,8}|(?:\p{L}\.){1,7}\p{L})(?=\s|$|[?!,:;…${quotes}${brackets}]|${entity})`,
  String.raw`(?<![${word}])(?:${inAnyCase(commonAbbreviations)})\.(?!\.)`,
].join('|');

const dashes = '(?:--+|[–—―]+)';

/** Runs of symbols, emoji among them with what joins and colours them; © and ° and the like are none. */
const decoration = String.raw`(?:(?![\0-\u214f])\p{So}[\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}\ufe0f\u200d\u20e3]*)+`;

/** Edge punctuation: brackets where a word begins, and where it ends. */
const opening = String.raw`(?<=^|[\s${punctuation}])[${brackets}]+(?=[${word}\p{Sc}@#${quotes}])`;
const closing = String.raw`(?<=[${word}%])[${brackets}]+(?=\s|$|[${punctuation}]|${entity})`;

/** Parts of what is not protected. */
const letters = String.raw`[\p{L}\p{M}_@#]+`;
const numerals = String.raw`(?!${number})\p{N}+`;
const sign = String.raw`(?!${emoticon}|${entity}|${dashes}|${decoration}|${closing})[^\s\p{L}\p{M}\p{N}_@#${punctuation}]`;
const wordPart = `(?:(?!${scheme})${letters}|${numerals}|${sign})`;

/** 's, but not the 's of 'so: it ends a word. */
const possessive = `(?<=[${word}.])['’][sS](?!${letters}|${numerals}|${sign})`;

/** A word that no rule splits, and words that an apostrophe joins: don't, O'Reilly, rock'n'roll. */
const plainWord = `(?:${letters}|${numerals}|${sign})${wordPart}*(?:(?!${possessive})['’]${wordPart}+)*`;

/**
 * A word of Latin or Cyrillic letters before white space or punctuation that joins nothing, as most tokens are: no rule splits
 * it, and to find that out first makes the whole about twice as fast.
 */
const commonWord = String.raw`[a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u0481\u048a-\u052f]+(?![^\s,!?;"“”„…])`;

/** In order: where several match at the same place, the first wins. The last takes whatever no other did. */
const pattern = onFirstUse(
  () =>
    new RegExp(
      [
        commonWord,
        emoticon,
        url,
        entity,
        time,
        europeanNumber,
        decimal,
        commaNumber,
        possessive,
        punctuationRun,
        abbreviation,
        dashes,
        decoration,
        opening,
        closing,
        plainWord,
        String.raw`\S`,
      ].join('|'),
      'gu',
    ),
);

/**
 * The tokenizer of TweetMotif (O'Connor, Krieger and Ahn, ICWSM 2010) by its published rules, for letters of any script.
 * Protected are, in this order: emoticons, addresses, HTML entities, times, decimals, numbers with commas, runs of punctuation,
 * abbreviations, dashes, decorations, words joined by an apostrophe. Brackets and quotes at the edge of a word are split off,
 * and so is 's. @names and #tags stay whole. No visible character is lost or changed.
 *
 * The published rules are kept but for this:
 * - the edge of a word is where a letter or digit of any script stands, and punctuation may stand beyond: in '(čau).' the
 *   brackets are split off;
 * - emoticons have wide mouths, tears, more noses, and may be reversed or upright; they have no space inside, and a mouth that is
 *   a letter is not the beginning of a word; a run of punctuation ends before an emoticon;
 * - more top-level domains are known, and addresses of e-mail;
 * - times may have seconds (1:02:03) and a half of the day behind them (7:05pm, 7 p.m. without the space);
 * - 2,50 is one number, and 1.000,50 as 1,000.50 is; so are dates and versions such as 8.6.2013, and a per cent sign belongs to
 *   its number;
 * - of HTML, &apos;, &nbsp; and characters by their number are known beside amp, lt, gt and quot;
 * - abbreviations may end a text, and some that are common in English and Czech are known; so are „ ‚ … ¿ ¡ as punctuation, –
 *   and — as dashes, all pictures and emoji as decorations and ’ as an apostrophe;
 * - an apostrophe does not join what other punctuation parts: in "don't," the comma is split off.
 */
export const twokenize: SplitStep = {
  kind: 'split',
  level: 'word',
  name: 'twokenize',
  version: 1,
  apply: (text) => text.match(pattern()) ?? [],
};
