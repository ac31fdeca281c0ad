// @ts-check
// Fetches the words that the script does not embed.
import { get } from './files.js';
import { script } from './survey.js';

/** @import { Survey } from './survey.js' */

/**
 * Fetches the locale's words for the time after a score, and their styles; and the first step's, if the survey has none
 * yet. A survey that knows no name for what it asks about has a question of its own.
 *
 * @param {Survey} survey
 */
export const fetchWords = (survey) => survey.fetching ||= get(survey.locale + (survey.words ? '.answer' : survey.site ? '' : '.us') + '.json')
  .then((more) => {
    script.adopt(survey.root, more._style);
    survey.words = { ...survey.words, ...more };
  }, () => { throw survey.fetching = undefined; });
