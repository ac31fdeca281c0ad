// @ts-check
// Painting the survey's first step, from markup and style that the build takes out of the widget.
import { FORM, LOCALES, LOOKUP, STYLE } from 'built';
import { isOn } from './attributes.js';
import { Promise } from './engine.js';
import { later } from './files.js';
import { match } from './locale.js';
import { now } from './message.js';
import { sheet } from './sheet.js';
import { fetchWords, say } from './texts.js';

/** @import { Survey, Markup } from './survey.js' */

/**
 * Makes an element of built markup, in which `$name` stands for the text of that name. Without one for an
 * attribute, as for the address of a link that the shop has not set, there is no element.
 *
 * @param {Survey} survey
 * @param {Markup} markup
 * @returns {any} the element, or '' where there is none
 */
export const build = (survey, [name, attributes, ...children]) => {
  /** @param {string} value */
  const fill = (value) => value[0] == '$' ? say(survey, value.slice(1)) : value;
  const element = document.createElement(name);
  for (const key in attributes) {
    const value = fill(attributes[key]);
    if (value == null) return '';
    element.setAttribute(key, value);
  }
  element.append(...children.map((child) => Array.isArray(child) ? build(survey, child) : fill(child)));
  return element;
};

/**
 * How the values of the scale stand, painted or the widget's: `Layout` in the contract.
 *
 * @param {Survey} survey
 */
export const arranged = ({ root }) => {
  const scores = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.score'));
  return scores[10].offsetTop > scores[0].offsetTop ? 'two-rows' : 'one-row';
};

/**
 * Paints the survey in its host.
 *
 * Throws where a browser has no adopted style sheets. Rejects if a locale or a mode that is not in the script
 * cannot be had: a question in the wrong language or place is worse than none.
 *
 * @param {Survey} survey
 */
export const paint = async (survey) => {
  const { host, set } = survey;
  const lang = /** @type {HTMLElement | null} */ (host.closest('[lang]'))?.lang || navigator.language;
  const locale = survey.locale = match(set.locale, LOOKUP) || match(lang, LOOKUP) || 'en';
  survey.words = LOCALES[locale];
  const root = survey.root = host.attachShadow({ mode: isOn(set.debug) ? 'open' : 'closed' });
  root.adoptedStyleSheets.push(sheet(STYLE));
  const [mode, form] = await Promise.all([
    set.mode && later(set.mode),
    set.format == 'form' && later('flat'),
    survey.words || fetchWords(survey),
  ]);
  survey.flat = form.flat;
  survey.shown_at = now();
  survey.form = build(survey, FORM);
  survey.painted = build(survey, ['div', {}, survey.form]);
  const frame = build(survey, ['div', { class: 'frame', lang: locale, dir: survey.words.dir || 'ltr', 'data-theme': set.theme || '' }, survey.painted]);
  frame.style.setProperty('--afterword-fill', set.accent || '');
  mode?.place(survey, frame);
  root.append(frame);
};
