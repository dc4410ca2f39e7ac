import type { TrainOptions } from '../recipe/table.js';

/** What the paper reports for one model: accuracy or macro F1, and the mean test loss in nats. */
export interface PaperFigure {
  readonly score: number;
  readonly loss: number;
}

/** A row of Table 1 of Bělohlávek et al. 2018, or one that the paper tells of beside it. */
export interface PaperRow {
  readonly name: string;
  /** As a table shows it. */
  readonly title: string;
  readonly options: TrainOptions;
  /** What the paper's score is. */
  readonly measure: 'accuracy' | 'macroF1';
  /** In the order of {@link paperColumns}; none where the paper has no such row. */
  readonly figures?: readonly [PaperFigure, PaperFigure, PaperFigure, PaperFigure];
}

/** The paper's four models, by the column of a study. */
export const paperColumns = ['vanilla', 'dropout', 'adversarial', 'adversarial+dropout'] as const;

/** The columns of a study: the paper's, and the control that it lacks, random perturbations of the same size. */
export const studyColumns = [...paperColumns, 'random'] as const;

type Figures = NonNullable<PaperRow['figures']>;
type Named = Pick<PaperRow, 'name' | 'title' | 'options'>;

/** A row whose scores are accuracies; `figures` are pairs of a score in percent and a loss. */
function row(named: Named, ...figures: readonly (readonly [percent: number, loss: number])[]): PaperRow {
  const told = figures.map(([percent, loss]) => ({ score: percent / 100, loss }));
  return {
    ...named,
    measure: 'accuracy',
    ...(told.length === 0 ? {} : { figures: told as unknown as Figures }),
  };
}

/** The same of macro F1. */
const rowOfF1: typeof row = (...told) => ({ ...row(...told), measure: 'macroF1' });

const babi = (task: number): Named => ({
  name: `babi-${task}`,
  title: `bAbI ${task}`,
  options: { dataset: `babi-${task}` },
});

const dsl = (thousands: number): Named => ({
  name: `dsl-${thousands}k`,
  title: `DSL ${thousands}k`,
  options: { dataset: 'dsl', limit: thousands * 1000 },
});

const czech = (corpus: string, title: string): Named => ({
  name: `czech-${corpus}`,
  title,
  options: { dataset: `czech-${corpus}` },
});

/** Czech words in another form than the paper reports, which are spelled by their sound: by their stems, which it tried too, and as they stand. */
function otherForms({ name, title, options }: Named): PaperRow[] {
  const words = ['nfc', 'lowercase', 'twokenize'];
  return [
    rowOfF1({
      name: `${name}-stemmed`,
      title: `${title}, stemmed`,
      options: { ...options, tokenizer: [...words, 'czech-stem'] },
    }),
    rowOfF1({
      name: `${name}-plain`,
      title: `${title}, as written`,
      options: { ...options, tokenizer: words },
    }),
  ];
}

const mallByCharacters: Named = {
  name: 'czech-mall-char',
  title: 'Product Review (Mall.cz), characters',
  options: { dataset: 'czech-mall', level: 'char' },
};

const subjectivity: Named = {
  name: 'subjectivity',
  title: 'Movie Review (subjectivity)',
  options: { dataset: 'subjectivity' },
};

/** The rows that `reproduce` knows by name, in the paper's order. */
export const paperRows: readonly PaperRow[] = [
  row(babi(1), [73.8, 0.592], [73.8, 0.603], [68.3, 0.925], [77.5, 0.528]),
  row(babi(2), [30.8, 1.408], [30.6, 1.435], [30.8, 1.399], [29.9, 1.428]),
  row(babi(6), [47.9, 0.694], [56.5, 0.662], [67.2, 0.636], [69.8, 0.585]),
  row(subjectivity, [64.4, 0.6], [61.6, 0.617], [63.5, 0.619], [64.7, 0.606]),
  rowOfF1(
    czech('facebook', 'Social Media (Facebook)'),
    [42.5, 1.012],
    [42.4, 1.024],
    [43, 1.01],
    [42.8, 1.01],
  ),
  ...otherForms(czech('facebook', 'Social Media (Facebook)')),
  rowOfF1(czech('facebook-3', 'Social Media (Facebook), without bipolar posts')),
  rowOfF1(czech('csfd', 'Movie Review (ČSFD)'), [41.9, 1.071], [41.4, 1.076], [42, 1.071], [40.6, 1.076]),
  ...otherForms(czech('csfd', 'Movie Review (ČSFD)')),
  row(czech('mall', 'Product Review (Mall.cz), words')),
  row(mallByCharacters, [74.3, 0.606], [73.4, 0.619], [72.1, 0.725], [57.7, 1.098]),
  row(dsl(10), [55.3, 0.84], [55.9, 0.891], [57, 0.812], [53, 0.863]),
  row(dsl(70), [71.8, 0.594], [63.8, 0.694], [70.8, 0.579], [70.4, 0.611]),
  row(dsl(130), [73.4, 0.539], [71.6, 0.567], [66.7, 0.62], [66.6, 0.6]),
  row(dsl(170)),
  row(dsl(190), [77.8, 0.453], [75.1, 0.509], [78.6, 0.444], [67.4, 0.579]),
];

/** The row of this name; undefined where neither the paper nor this program has one. */
export function rowOfPaper(name: string): PaperRow | undefined {
  return paperRows.find((row) => row.name === name);
}

/** What the paper's table has for a cell, in which its big models stand. */
export function paperFigureOf({
  row,
  column,
  size,
}: Readonly<Record<'row' | 'column' | 'size', string>>): PaperFigure | undefined {
  const place = (paperColumns as readonly string[]).indexOf(column);
  return size === 'big' ? rowOfPaper(row)?.figures?.[place] : undefined;
}
