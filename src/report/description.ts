import type { DatasetDescription, SplitDescription } from '../inspect/describe/description.js';
import type { Distribution } from '../statistics/distribution.js';
import { bytes, count, figure, plural, share } from './format.js';
import type { Rows } from './page.js';
import { table } from './tables.js';

/** Classes that the terminal shows; the page and --json have all. */
const classesShown = 40;

/** Everything measured of a dataset, for a terminal, with nothing from its files that a terminal obeys. */
export function descriptionReport(description: DatasetDescription): string {
  const { splits, labels } = description;
  const classes = classRows(description);
  return [
    table(['', ''], [['dataset', description.name], ...factRows(description)]).trimStart(),
    '',
    table(['', ...splits.map(({ split }) => split)], splitRows(description)),
    '',
    table(['training data', ''], trainingRows(description)),
    '',
    table(['class', ...splits.map(({ split }) => split)], classes.slice(0, classesShown)),
    ...(classes.length > classesShown ? [`… ${labels.length} classes in total, see --json`] : []),
  ].join('\n');
}

/** Where the data comes from. */
export function factRows({ language, level, tokenizer, facts, warnings, skipped }: DatasetDescription): Rows {
  return [
    ['language', language ?? 'not stated'],
    ['level', `${level} (tokenizer ${tokenizer.join(', ')})`],
    ['licence', facts.licence],
    ['citation', facts.citation],
    ...facts.files.map((file) => ['file', `${file.name}, ${bytes(file.bytes)}, SHA-256 ${file.sha256}`]),
    ...(facts.found === undefined ? [] : [['in the files', foundText(facts.found)]]),
    ...facts.notes.map((note) => ['note', note]),
    ...warnings.map(({ message }) => ['warning', message]),
    ...(skipped.count === 0 ? [] : [['malformed', `${plural(skipped.count, 'line')} left out`]]),
  ];
}

function foundText(found: Readonly<Record<string, number>>): string {
  return Object.entries(found)
    .map(([label, examples]) => `${label} ${count(examples)}`)
    .join(', ');
}

/** What is measured of each split, a column each. */
export function splitRows({ splits, level }: DatasetDescription): Rows {
  const row = (name: string, cell: (split: SplitDescription) => string): string[] => [
    name,
    ...splits.map(cell),
  ];
  return [
    row('examples', ({ examples }) => count(examples)),
    row('class balance (normalised entropy)', ({ classes }) => classes.entropy.toFixed(3)),
    row('tokens', ({ tokens }) => count(tokens)),
    row('characters', ({ characters }) => count(characters)),
    ...lengthRows('tokens per text', splits, ({ tokensInText }) => tokensInText),
    // Where a token is a character, both lengths are the same.
    ...(level === 'char'
      ? []
      : lengthRows('characters per text', splits, ({ charactersInText }) => charactersInText)),
    ...lengthRows('sentences per text', splits, ({ sentencesInText }) => sentencesInText),
    row('truncated texts', ({ cut }) => share(cut)),
    row('tokens not in the training data', ({ unknown }) => (unknown === null ? '–' : share(unknown.tokens))),
    row('types not in the training data', ({ unknown }) => (unknown === null ? '–' : share(unknown.types))),
  ];
}

function lengthRows(
  name: string,
  splits: readonly SplitDescription[],
  of: (split: SplitDescription) => Distribution,
): string[][] {
  const row = (what: string, cell: (distribution: Distribution) => string): string[] => [
    `${name}: ${what}`,
    ...splits.map((split) => cell(of(split))),
  ];
  return [
    row('mean', ({ mean }) => figure(mean)),
    row('median', ({ quantiles }) => figure(quantiles.median)),
    row('5% to 95%', ({ quantiles }) => `${figure(quantiles.p5)} to ${figure(quantiles.p95)}`),
    row('minimum to maximum', ({ least, most }) => `${figure(least)} to ${figure(most)}`),
  ];
}

/** The estimate of wrong labels, or why there is none. */
function noiseText({ labelNoise, splits }: DatasetDescription): string {
  const classes = splits[0]?.classes.counts.filter((one) => one.count > 0) ?? [];
  if (classes.length < 2) return 'cannot be estimated: all texts are of one class';
  const { estimate, reliable, classifier } = labelNoise;
  const accuracy = `${share(classifier.accuracy)} of the labels`;
  return reliable
    ? `${share(estimate)} (a naive Bayes classifier predicts ${accuracy})`
    : `cannot be estimated: a naive Bayes classifier predicts only ${accuracy}`;
}

/** What is measured of the training data alone. */
export function trainingRows(description: DatasetDescription): Rows {
  const { vocabulary, artificiality } = description;
  const { contradicting } = description.labelNoise;
  return [
    ['vocabulary (different tokens)', count(vocabulary.types)],
    ['tokens that occur once', share(vocabulary.onceShare)],
    ['type-token ratio', vocabulary.typeTokenRatio.toPrecision(3)],
    ["Yule's K", figure(vocabulary.yuleK)],
    ["exponent of Zipf's law", vocabulary.zipfExponent?.toFixed(3) ?? 'none'],
    [
      'texts with another label elsewhere',
      `${count(contradicting.examples)} (${share(contradicting.share)})`,
    ],
    ['wrong labels, estimated', noiseText(description)],
    ['compression ratio', artificiality.compressionRatio.toFixed(2)],
    [
      'repeated 4-grams of words',
      `${share(artificiality.repeatedNgrams)} (${artificiality.templated ? 'made from templates' : 'as in natural texts'})`,
    ],
  ];
}

/** Examples of each class, a column each split. */
export function classRows({ labels, splits }: DatasetDescription): Rows {
  return labels.map((label, place) => [
    label,
    ...splits.map(({ classes }) => count(classes.counts[place]?.count ?? 0)),
  ]);
}
