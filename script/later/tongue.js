// @ts-check
// Marks the shop's own texts with the page's language, for screen readers. A part of takeover.js, and so of every mode.
import { entry } from './settings.js';

/** @import { Survey } from '../survey.js' */

/**
 * The elements that may contain the shop's own texts, or have one as their name. What is in a named element has a language of
 * its own, since its name has the element's: the close button, and the frame's last child.
 */
const PLACES = '[aria-label], .frame > div, #question, .bar span, #low, #high, .follow-up, textarea, .thanks, #review, #support';

/** @param {string | undefined} tag */
const language = (tag) => tag?.split('-')[0].toLowerCase();

/**
 * Sets `lang` of the shop's own texts to the page's language, if the survey speaks another language. The locale's language
 * applies only to the survey's built-in texts.
 *
 * @param {Survey} survey
 */
export const label = (survey) => {
  const { host, root, set, site, locale, attributes } = survey;
  // The survey has set the element's `lang` to its own language.
  const lang = attributes.getNamedItem('lang')?.value
    || /** @type {HTMLElement | null | undefined} */ (host.parentElement?.closest('[lang]'))?.lang;
  if (!lang || language(lang) == language(locale) || language(set.locale) == language(locale)) return;
  const own = Object.keys(set)
    .filter((name) => /^(question|(low|high|review|support|tab)-label|follow-up|thanks|placeholder)/.test(entry(name) || ''))
    .map((name) => set[name].replaceAll('{subject}', () => site));
  if (!own[0]) return;
  const look = () => {
    for (const element of /** @type {NodeListOf<HTMLTextAreaElement>} */ (root.querySelectorAll(PLACES))) {
      const text = element.getAttribute('aria-label') ?? element.placeholder ?? element.textContent;
      element.lang = own.includes(text) ? lang : locale;
    }
  };
  new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
  look();
};
