import { AdvError } from '../base/errors.js';
import { textStart } from './start.js';

/** Texts that are no table: pages and documents that were saved in place of one. */
const documents: readonly { readonly name: string; readonly start: RegExp; readonly advice: string }[] = [
  {
    name: 'an HTML page',
    start: /^<(!doctype html|html)[\s>]/i,
    advice: 'It is a page about the data, or one that says why there is none: download the file itself.',
  },
  {
    name: 'an XML document',
    start: /^<\?xml\s/i,
    advice: 'Write its texts and labels as CSV or JSON lines first.',
  },
  {
    name: 'a document of a word processor (RTF)',
    start: /^\{\\rtf\d/,
    advice: 'Save it as plain text in UTF-8.',
  },
];

/**
 * Refuses a page or document where labelled texts are expected.
 *
 * @param start of the file, as much as there is of its first line
 * @throws AdvError DATA_MALFORMED that names what it is
 */
export function requireNoDocument(start: Buffer, file: string): void {
  const [line = ''] = textStart(start).split('\n', 1);
  const found = documents.find((document) => document.start.test(line));
  // A text may be one, and has a tab behind it then.
  if (found === undefined || line.includes('\t')) return;
  throw new AdvError('DATA_MALFORMED', `${file}: expected labelled texts, got ${found.name}`, found.advice);
}
