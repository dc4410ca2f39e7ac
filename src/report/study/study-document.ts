import type { StudyAnalysis } from '../../study/analysis/study-analysis.js';
import type { ReportDocument, Section } from '../document/document.js';
import { claimSection } from './claims.js';
import { classSection } from './classes.js';
import { courseSection } from './course.js';
import { curveSection } from './curves.js';
import { differenceSection } from './differences.js';
import { featureSection } from './features.js';
import { learntSection } from './learnt.js';
import { studyName } from './names.js';
import { openingOf } from './opening.js';
import { perturbationSection } from './perturbations.js';
import { runSections } from './runs.js';
import { resultSection } from './results.js';

/** All that is told of a study. */
export function studyDocument(analysis: StudyAnalysis): ReportDocument {
  const sections: (Section | undefined)[] = [
    resultSection(analysis),
    differenceSection(analysis),
    learntSection(analysis),
    claimSection(analysis),
    curveSection(analysis),
    perturbationSection(analysis),
    courseSection(analysis),
    featureSection(analysis),
    classSection(analysis),
    ...runSections(analysis),
  ];
  return {
    title: `Does adversarial training help? The study ${studyName(analysis)}`,
    opening: openingOf(analysis),
    sections: sections.filter((section) => section !== undefined),
    footer:
      'Losses are means over texts. Intervals over seeds are of Student’s t; those of differences vary seeds and examples together; p-values are of paired tests over seeds, ' +
      'corrected over all cells of the study (Holm). docs/decisions/statistics.md has the sources.',
  };
}
