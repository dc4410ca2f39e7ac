import { shellQuoted } from '../base/storage/shell-path.js';
import { compressionOfName } from './bytes.js';
import { unpackers } from './compression/unpackers.js';
import { invalidUtf8 } from './lines.js';

/**
 * What to do about text that is in no UTF-8, where that is the problem: programs such as Excel write whole files in another encoding, and
 * leaving lines out would then leave out each that has a letter beyond ASCII.
 *
 * @param file undefined for what is no file
 * @returns a sentence with a space before it, or nothing for another problem
 */
export function encodingHint(problem: string, file?: string): string {
  if (!problem.includes(invalidUtf8)) return '';
  const convert = 'iconv -f WINDOWS-1252 -t UTF-8';
  return ` If the whole ${file === undefined ? 'input' : 'file'} is in another encoding, convert it: ${commandFor(convert, file)}`;
}

function commandFor(convert: string, file: string | undefined): string {
  if (file === undefined) return `${convert} FILE > NEW`;
  const compression = compressionOfName(file);
  const path = shellQuoted(file);
  return compression === undefined
    ? `${convert} ${path} > NEW`
    : `${unpackers[compression]} < ${path} | ${convert} > NEW`;
}
