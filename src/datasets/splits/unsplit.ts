import { at } from '../../base/at.js';
import { defaultSplitSeed } from '../defaults.js';
import type { BestByExamples } from '../best.js';
import type { SplitSurvey } from '../doubts/survey.js';
import { Growing } from '../../base/growing.js';
import { normalisedText } from '../../text/normalised-text.js';
import { cutIntoParts, part, type Part } from './parts.js';
import { Random } from '../../base/random.js';
import { sealed } from '../sealed.js';
import { select, withPauses } from '../../base/streaming.js';
import { TextGroups } from '../../text/text-groups.js';
import { drawTraining } from './training-draw.js';
import type { Dataset, DatasetFacts, OpenDatasetOptions } from '../types.js';
import type { Example } from '../../text/types.js';
import type { SkippedLines } from '../../files/types.js';

/** A corpus that has no official splits. */
export interface UnsplitCorpus extends Pick<Dataset, 'name' | 'labels' | 'level' | 'defaults'> {
  readonly best: BestByExamples;
  readonly facts: Omit<DatasetFacts, 'name' | 'found'>;
  /** All its examples, in an order that never changes; each call reads anew from the start. */
  read(): AsyncIterable<Example>;
  /** Lines left out so far. */
  skipped(): SkippedLines;
  /** Takes the examples, duplicates too, where doubts about them are wanted. */
  readonly survey?: SplitSurvey | undefined;
}

/**
 * Splits a corpus 80/10/10, stratified over its classes and drawn by the split seed, after duplicates have been left out: the
 * first of equal texts stays. Texts are equal when they are so once {@link normalisedText normalised}, as for an audit. One pass
 * looks at every example; a few dozen bytes of each stay in memory.
 *
 * @throws AdvError what reading throws, and USAGE for a limit above the training part
 */
export async function openUnsplit(corpus: UnsplitCorpus, options: OpenDatasetOptions): Promise<Dataset> {
  const { name, labels, level, defaults, best, facts } = corpus;
  const { splitSeed = defaultSplitSeed, signal } = options;
  const scan = await scanCorpus(corpus, signal);
  const parts = cutIntoParts(scan.kept, labels.length, new Random(splitSeed, name, 'splits'));
  const trainLabels = scan.kept.map((label, place) => (parts[place] === part.train ? label : -1));
  const draw = drawTraining(
    { path: name, names: labels, labels: trainLabels, skipped: corpus.skipped() },
    options,
  );
  const split = (which: Part, wanted?: Uint8Array) => () =>
    select(
      withPauses(corpus.read(), signal),
      (place) => parts[place] === part[which] && (wanted === undefined || wanted[place] === 1),
    );
  return {
    ...{ name, labels, level, defaults, best: best(draw.count) },
    train: split('train', draw.wanted),
    valid: split('valid'),
    test: sealed(split('test')),
    facts: {
      ...facts,
      name,
      found: Object.fromEntries(labels.map((label, id) => [label, at(scan.found, id)])),
      notes: [...facts.notes, ...describeDuplicates(scan), describeSplit(parts, splitSeed), ...draw.notes],
    },
    get skipped() {
      return corpus.skipped();
    },
  };
}

/** What one pass over a corpus found. */
interface CorpusScan {
  /** Class id of each example, -1 for a duplicate. */
  readonly kept: Int16Array;
  /** Examples of each class, duplicates included. */
  readonly found: Int32Array;
  readonly duplicates: number;
  /** Duplicates whose class is not that of the text they repeat. */
  readonly contradicting: number;
}

async function scanCorpus(corpus: UnsplitCorpus, signal: AbortSignal | undefined): Promise<CorpusScan> {
  const { labels } = corpus;
  const ids = new Map(labels.map((label, id) => [label, id]));
  const groups = new TextGroups();
  /** Class of the first text of each group. */
  const firsts = new Growing(labels.length);
  /** Class of each example that stays, plus 1; 0 for a duplicate. */
  const kept = new Growing(labels.length + 1);
  const found = new Int32Array(labels.length);
  let contradicting = 0;
  for await (const example of withPauses(corpus.read(), signal)) {
    const { text, label } = example;
    corpus.survey?.add(example);
    const id = ids.get(label) ?? 0;
    found[id] = at(found, id) + 1;
    const group = groups.groupOf(normalisedText(text));
    const isFirst = group === firsts.length;
    if (isFirst) firsts.push(id);
    else if (firsts.at(group) !== id) contradicting++;
    kept.push(isFirst ? id + 1 : 0);
  }
  return {
    kept: Int16Array.from(kept.view(), (mark) => mark - 1),
    found,
    duplicates: kept.length - groups.count,
    contradicting,
  };
}

function describeDuplicates({ duplicates, contradicting }: CorpusScan): string[] {
  if (duplicates === 0) return [];
  const also = contradicting === 0 ? '' : `; ${contradicting} of them have another class than the first`;
  return [`${duplicates} duplicates were left out, the first of equal texts stays${also}`];
}

function describeSplit(parts: Uint8Array, splitSeed: number): string {
  const count = (which: Part): number => parts.reduce((sum, mark) => sum + (mark === part[which] ? 1 : 0), 0);
  return (
    `split into ${count('train')} training, ${count('valid')} validation and ${count('test')} test examples, ` +
    `stratified over classes and drawn by split seed ${splitSeed}`
  );
}
