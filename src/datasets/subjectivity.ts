import { subjectivityCorpus } from '../corpora/subjectivity.js';
import { subjectivityDefaults } from './defaults.js';
import type { DatasetEntry } from './entry.js';
import { openLabelledByFile } from './labelled-by-file.js';

/**
 * Sentences from film reviews (subjective) and from plot summaries (objective), Pang and Lee 2004. The files are of one byte a
 * character: 0x85, an ellipsis, stands inside lines and ends none.
 */
export const subjectivity: DatasetEntry = {
  name: 'subjectivity',
  description: 'Pang and Lee 2004: is a sentence about a film subjective or objective?',
  labels: ['objective', 'subjective'],
  corpus: subjectivityCorpus,
  open: (options) =>
    openLabelledByFile(
      {
        name: 'subjectivity',
        corpus: subjectivityCorpus(),
        language: 'English',
        level: 'word',
        defaults: subjectivityDefaults,
        files: {
          objective: 'rotten_imdb/plot.tok.gt9.5000',
          subjective: 'rotten_imdb/quote.tok.gt9.5000',
        },
        encoding: 'windows-1252',
      },
      options,
    ),
};
