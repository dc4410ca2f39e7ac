import { brackets, entity, inAnyCase, punctuation, word } from './alphabet.js';

/** How an address begins that can be told by its beginning. */
export const scheme = String.raw`(?:(?:${inAnyCase('https')}?|${inAnyCase('ftp')}):\/\/|${inAnyCase('www')}\.)`;

/** Domains by which a name without a scheme is taken for an address. Each more would make addresses of sentences without a space between. */
const topDomains = 'com|org|net|info|edu|gov|eu|uk|ca|ly|cz|sk|pl|de';

/** Where an address ends: before two dots, and before punctuation and brackets that only the end of the text follows. */
const end = String.raw`\.\.|(?:[${punctuation}${brackets}]|${entity})+(?=[\s<>]|$)`;

/** The rest of an address. Runs are taken whole, so that no part of them is looked at twice. */
const body = String.raw`(?:[^\s&${punctuation}${brackets}]+|(?!${end})(?:${entity}|[&${punctuation}{}()\[\]«»‹›])+)*`;

/** Most letters between two dots, by the rules of domain names, and most such parts: they bound how far a search goes. */
const name = String.raw`(?:[${word}_-]{1,63}\.){1,5}(?:${inAnyCase(topDomains)})(?![${word}_@-])`;
const account = `(?:[${word}._%+-]{0,64}@)?`;

/** An address on the web with or without a scheme, or of e-mail. */
export const url = String.raw`(?<![${word}_])(?:${scheme}${body}|${account}${name}(?:(?=[\/?#]|:\d)${body})?)`;
