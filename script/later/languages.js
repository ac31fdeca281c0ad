// @ts-check
// The languages that are not in the script: which of all locales a page gets.
import { LANGUAGES, RULES } from 'built';
import { match } from '../locale.js';

/**
 * The best locale there is: the one that the shop set, else the page's, else English. The console is told of one
 * that the shop set and that there is not.
 *
 * @param {string | undefined} set by the shop
 * @param {string} lang the page's, or the browser's
 */
export const find = (set, lang) => {
  const locale = match(set, LANGUAGES);
  // What is no language tag at all is among the wrong attributes, of which say.js tells.
  if (set && !locale && /** @type {RegExp} */ (RULES.locale).test(set)) console.warn(`afterword: data-locale="${set}" is a language that I do not speak; the page's own is taken`);
  return locale || match(lang, LANGUAGES) || 'en';
};
