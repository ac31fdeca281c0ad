// @ts-check
// Chooses the texts that a customer reads: the shop's, or else the locale's. src/texts.rs does it for the widget.
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
)?.replaceAll('{subject}', () => site);
