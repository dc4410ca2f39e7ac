import type { ReportDocument, Section } from '../document/document.js';
import { calibrationSection } from './calibration.js';
import { classSections } from './classes.js';
import { dataSection } from './data.js';
import { learningSections } from './learning.js';
import { openingOf, resultSection } from './result.js';
import type { RunFacts } from './run-facts.js';
import { lossSection } from './test-losses.js';
import { trainingSection } from './training.js';

/** All that is told of a single run. */
export function runDocument(facts: RunFacts): ReportDocument {
  const { dataset, recipe } = facts.record;
  const sections: (Section | undefined)[] = [
    resultSection(facts),
    ...learningSections(facts),
    ...classSections(facts),
    calibrationSection(facts),
    lossSection(facts),
    trainingSection(facts),
    dataSection(facts),
  ];
  const model = recipe.recurrent ? recipe.regime : 'n-grams';
  return {
    title: `${dataset.name}, ${model}, seed ${recipe.seed}`,
    opening: openingOf(facts),
    sections: sections.filter((section) => section !== undefined),
    footer:
      'Losses are means over texts; macro F1 is the mean F1 of the classes that occur as a label or a prediction.',
  };
}
