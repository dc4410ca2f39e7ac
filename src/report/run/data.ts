import type { TrainingTexts } from '../../training/training-texts.js';
import type { Section } from '../document/document.js';
import { bytes, count, figure, plural, share } from '../format.js';
import type { Rows } from '../page.js';
import type { RunFacts } from './run-facts.js';

/** What the run was trained and tested on. */
export function dataSection({ record: { dataset, recipe } }: RunFacts): Section {
  const {
    name,
    language,
    labels,
    examples,
    truncated,
    trainingTexts,
    unknownShare,
    licence,
    citation,
    notes,
    files,
    skipped,
    tokensSha256,
  } = dataset;
  const test = examples.test === null ? 'no test part, or not read' : `${count(examples.test)} test`;
  return {
    heading: 'Data',
    blocks: [
      {
        kind: 'facts',
        name: 'data',
        rows: [
          ['dataset', name],
          ...(language == null ? [] : [['language', language]]),
          ['classes', `${count(labels.length)}: ${labels.join(', ')}`],
          ['texts', `${count(examples.train)} training, ${count(examples.valid)} validation, ${test}`],
          ...(recipe.recurrent
            ? [
                [
                  'tokens',
                  `${recipe.level === 'char' ? 'characters' : 'words'} (tokenizer ${recipe.tokenizer.join(', ')}), at most ${count(recipe.maxTokens)} a text`,
                ],
                [
                  'truncated',
                  `${plural(truncated.train, 'training text')}, ${plural(truncated.valid, 'validation text')}`,
                ],
                ...(trainingTexts == null ? [] : lengthRows(trainingTexts)),
                ['validation tokens not in the training data', share(unknownShare)],
              ]
            : []),
          ...notes.map((note) => ['note', note]),
          ...(skipped.count === 0 ? [] : [['malformed', `${plural(skipped.count, 'line')} left out`]]),
          ['licence', licence],
          ['citation', citation],
          ...files.map((file) => ['file', `${file.name}, ${bytes(file.bytes)}, SHA-256 ${file.sha256}`]),
          ['SHA-256 of all token ids', tokensSha256],
        ],
      },
    ],
  };
}

const lengthRows = ({ tokens: { mean, median, p95 }, sentences }: TrainingTexts): Rows => [
  [
    'tokens per training text',
    `mean ${figure(mean)}, median ${figure(median)}, 95% have at most ${figure(p95)}`,
  ],
  ['sentences per training text', `mean ${figure(sentences)}`],
];
