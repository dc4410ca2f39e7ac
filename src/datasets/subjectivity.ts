import { subjectivityCorpus, subjectivityPaths } from '../corpora/subjectivity.js';
import { bestOfAny } from './best.js';
import { subjectivityDefaults } from './defaults.js';
import { labelledByFile } from './labelled-by-file.js';

/**
 * Sentences from film reviews (subjective) and from plot summaries (objective), Pang and Lee 2004. The files are of one byte a
 * character: 0x85, an ellipsis, stands inside lines and ends none.
 */
export const subjectivity = labelledByFile({
  name: 'subjectivity',
  description: 'Pang and Lee 2004: is a sentence about a film subjective or objective?',
  language: 'English',
  corpus: subjectivityCorpus,
  defaults: subjectivityDefaults,
  best: bestOfAny,
  files: subjectivityPaths,
  encoding: 'windows-1252',
});
