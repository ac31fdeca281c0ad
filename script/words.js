// @ts-check
// The words that are not in the script.
import { get } from './files.js';
import { adopt } from './sheet.js';

/** @import { Survey } from './survey.js' */

/**
 * Fetches what of the locale is not in the script: the words of what follows a score, and their look with them.
 *
 * @param {Survey} survey
 */
export const fetchWords = (survey) => survey.fetching ||= get(survey.locale + (survey.words ? '.answer.json' : '.json'))
  .then((answer) => answer.json())
  .then((more) => {
    adopt(survey.root, more._style);
    survey.words = { ...survey.words, ...more };
  }, () => { throw survey.fetching = undefined; });
