/** Seconds as h:mm:ss, or m:ss below an hour. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** An integer with thousands separated. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A loss, accuracy or F1 with four decimals. */
export function score(value: number): string {
  return value.toFixed(4);
}

/** A share of 1 as a whole percentage, rounded down: 100 % means done. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

/** A share of 1 as a percentage with two digits after the point where it is small. */
export function share(value: number): string {
  const percentage = 100 * value;
  return `${percentage.toFixed(percentage < 9.995 ? 2 : 1)}%`;
}

/** A number of things: "1 error", "2 errors". */
export function plural(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** A number of any size with about four digits. */
export function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return count(value);
  return value.toFixed(Math.abs(value) >= 100 ? 1 : 2);
}

/** Bytes in the largest unit that leaves a number of at least 1. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const place = Math.min(Math.floor(Math.log2(Math.max(value, 1)) / 10), units.length - 1);
  return `${(value / 1024 ** place).toFixed(place === 0 ? 0 : 1)} ${units[place] ?? ''}`;
}

/**
 * A p-value: three significant digits, in powers of ten where it is small. One too small for a double is shown as an
 * upper bound.
 */
export function pValue(p: number): string {
  if (p === 0) return '< 1e-300';
  return p < 0.001 ? p.toExponential(2) : p.toPrecision(3);
}

/** Text that cannot do anything to a terminal: control and format characters, lone surrogates and the like by number. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
