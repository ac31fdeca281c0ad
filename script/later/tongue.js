// @ts-check
// In which language the shop's own texts are read out. A part of takeover.js.
import { entry } from './settings.js';

/** @import { Survey } from '../survey.js' */

/** Where texts of the shop's own may stand. */
const PLACES = '#question, #low, #high, .follow-up, textarea, .thanks, #review, #support';

/** @param {string | undefined} tag */
const language = (tag) => tag?.split('-')[0].toLowerCase();

/**
 * Gives the shop's own texts in a survey the page's language, where the survey speaks another one: that of its locale
 * is right for our own texts only.
 *
 * @param {Survey} survey
 */
export const label = (survey) => {
  const { host, root, set, site, locale, attributes } = survey;
  // The element's own has become the survey's.
  const lang = attributes.getNamedItem('lang')?.value
    || /** @type {HTMLElement | null | undefined} */ (host.parentElement?.closest('[lang]'))?.lang;
  if (!lang || language(lang) == language(locale) || language(set.locale) == language(locale)) return;
  const own = Object.keys(set)
    .filter((name) => /^(question|(low|high|review|support)-label|follow-up|thanks|placeholder)/.test(entry(name) || ''))
    .map((name) => set[name].replaceAll('{subject}', () => set.subject || site));
  if (!own[0]) return;
  const look = () => {
    for (const element of /** @type {NodeListOf<HTMLTextAreaElement>} */ (root.querySelectorAll(PLACES))) {
      if (!own.includes(element.placeholder ?? element.textContent)) element.removeAttribute('lang');
      else if (element.lang != lang) element.lang = lang;
    }
  };
  new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
  look();
};
