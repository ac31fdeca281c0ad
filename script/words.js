// @ts-check
// Fetches the words that the script does not embed.
import { get } from './files.js';
import { adopt } from './sheet.js';

/** @import { Survey } from './survey.js' */

/**
 * Fetches the locale's words for the time after a score, and their styles.
 *
 * @param {Survey} survey
 */
export const fetchWords = (survey) => survey.fetching ||= get(survey.locale + (survey.words ? '.answer.json' : '.json'))
  .then((answer) => answer.json())
  .then((more) => {
    adopt(survey.root, more._style);
    survey.words = { ...survey.words, ...more };
  }, () => { throw survey.fetching = undefined; });
