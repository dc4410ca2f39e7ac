import type { ProgressEvent } from '../base/events.js';
import { bytes, count, duration, percent, printable, printableLines, score } from './format.js';

/** Where progress goes: standard error, or what a test collects. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Milliseconds between two rewrites of the line on a terminal, and between two lines elsewhere. */
const terminalInterval = 100;
const logInterval = 10_000;

/** Returns to the start of the line and erases it (ECMA-48 EL). */
const eraseLine = '\r\u001b[K';

/**
 * Shows progress on a terminal as one line that is rewritten, elsewhere as a line every ten seconds; epochs, notices
 * and stages get a line of their own either way.
 */
export class Progress {
  #lastShown = -Infinity;
  #lineOpen = false;

  /**
   * @param quiet shows nothing but message()
   * @param now clock in milliseconds; only tests name another
   */
  constructor(
    private readonly stream: ProgressStream,
    private readonly quiet = false,
    private readonly now = (): number => performance.now(),
  ) {}

  update(event: ProgressEvent): void {
    if (this.quiet) return;
    if (isPassing(event)) this.#showPassing(printable(eventText(event)));
    else this.message(eventText(event));
  }

  /**
   * Prints a line of its own, without tearing the one that is being rewritten. Names of columns and labels may be anything:
   * what a terminal would obey is shown by its number.
   */
  message(text: string): void {
    this.stream.write(`${this.#lineOpen ? eraseLine : ''}${printableLines(text)}\n`);
    this.#lineOpen = false;
  }

  /** Ends the line that is being rewritten. */
  end(): void {
    if (this.#lineOpen) this.stream.write(eraseLine);
    this.#lineOpen = false;
  }

  #showPassing(text: string): void {
    const terminal = this.stream.isTTY === true;
    const now = this.now();
    // Short work needs no line in a log: the first one appears when an interval has passed.
    if (!terminal && this.#lastShown === -Infinity) this.#lastShown = now;
    if (now - this.#lastShown < (terminal ? terminalInterval : logInterval)) return;
    this.#lastShown = now;
    this.#lineOpen = terminal;
    this.stream.write(terminal ? eraseLine + text.slice(0, (this.stream.columns ?? 80) - 1) : `${text}\n`);
  }
}

/** Events that replace each other; the others stay. */
function isPassing(event: ProgressEvent): boolean {
  if (event.kind === 'download') return event.waitingFor === undefined;
  return ['step', 'examples', 'round', 'runs'].includes(event.kind);
}

/** One event in words. */
export function eventText(event: ProgressEvent): string {
  switch (event.kind) {
    case 'download':
      if (event.waitingFor !== undefined) {
        return `waiting for ${event.waitingFor}, which is downloading ${event.file} (Ctrl-C stops waiting)`;
      }
      return event.totalBytes === undefined
        ? `downloading ${event.file}: ${bytes(event.receivedBytes)}`
        : `downloading ${event.file}: ${bytes(event.receivedBytes)} of ${bytes(event.totalBytes)}, ` +
            percent(event.receivedBytes / event.totalBytes);
    case 'stage':
      return event.text;
    case 'notice':
      return `note: ${event.text}`;
    case 'warning':
      return `warning: ${event.message}`;
    case 'examples':
      return event.total === undefined
        ? `${event.text}: ${count(event.done)} examples`
        : `${event.text}: ${percent(event.done / event.total)} of ${count(event.total)} examples`;
    case 'step':
      return [
        percent(event.share),
        `epoch ${event.epoch}/${event.epochs} ${percent(event.batch / event.batches)}`,
        `${count(event.tokensPerSecond)} tokens/s`,
        `loss ${score(event.loss)}`,
        ...(event.validLoss === undefined ? [] : [`valid ${score(event.validLoss)}`]),
        `${duration(event.secondsLeft)} left at most`,
      ].join(' | ');
    case 'round':
      return [
        percent(event.share),
        `${event.text}: round ${event.round}/${event.rounds}`,
        `about ${duration(event.secondsLeft)} left`,
      ].join(' | ');
    case 'runs':
      return [
        `${count(event.done)} of ${count(event.total)} runs`,
        ...event.running,
        ...(event.least === undefined ? [] : [`best valid ${score(event.least)}`]),
        ...(event.secondsLeft === undefined ? [] : [`about ${duration(event.secondsLeft)} left`]),
      ].join(' | ');
    case 'epoch':
      return describeEpoch(event);
  }
}

function describeEpoch({ record, epochs }: Extract<ProgressEvent, { kind: 'epoch' }>): string {
  const training = record.trainLoss === null ? 'untrained' : `train loss ${score(record.trainLoss)}`;
  const parts = [
    `epoch ${record.epoch}/${epochs}`,
    training,
    `valid loss ${score(record.validLoss)}`,
    `accuracy ${score(record.validAccuracy)}`,
    `macro F1 ${score(record.validMacroF1)}`,
    duration(record.seconds),
  ];
  if (record.tokensPerSecond !== null) parts.push(`${count(record.tokensPerSecond)} tokens/s`);
  return parts.join(' | ') + (record.best ? ' | best so far' : '');
}
