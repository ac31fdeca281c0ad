// @ts-check
// Chooses a page's locale among all locales, also those that the script does not embed.
import { LANGUAGES, RULES } from 'built';
import { match } from '../locale.js';

/**
 * The best locale: the one that the shop set, else the page's, else English. Warns if the shop set a locale that does
 * not exist.
 *
 * @param {string | undefined} set by the shop
 * @param {string} lang the page's, or the browser's
 */
export const find = (set, lang) => {
  const locale = match(set, LANGUAGES);
  // If it is no language tag at all, say.js warns about the attribute.
  if (set && !locale && /** @type {RegExp} */ (RULES.locale).test(set)) console.warn(`afterword: data-locale="${set}" is a language that I do not speak; the page's own is taken`);
  return locale || match(lang, LANGUAGES) || 'en';
};
