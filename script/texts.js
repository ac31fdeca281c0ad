// @ts-check
// The words a customer reads: the shop's own, or else the locale's. src/texts.rs finds the same for the widget.
import { get } from './files.js';
import { adopt } from './sheet.js';

/** @import { Survey } from './survey.js' */

/**
 * The text, or the address, of that name.
 *
 * @param {Pick<Survey, 'set' | 'words' | 'site'>} survey
 * @param {string} name
 * @returns {string} `undefined` for an address that the shop has not set
 */
export const say = ({ set, words, site }, name) => (
  set[name]
  || (set.address == 'informal' && words[name + '-informal'])
  || words[name]
)?.replaceAll('{subject}', () => set.subject || site);

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
