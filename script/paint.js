// @ts-check
// Painting the survey's first step, from markup and style that the build takes out of the widget.
import { FORM, LOCALES, LOOKUP, STYLE } from 'built';
import { isOn } from './attributes.js';
import { Promise } from './engine.js';
import { begin, later } from './files.js';
import { match } from './locale.js';
import { build } from './markup.js';
import { now } from './message.js';
import { script } from './survey.js';
import { fetchWords } from './words.js';

/** @import { Survey } from './survey.js' */

/**
 * Paints the survey in its host.
 *
 * Rejects where a browser has neither adopted style sheets nor what later/old.js puts in their place; and if a locale or a mode that is not in the script
 * cannot be had: a question in the wrong language or place is worse than none.
 *
 * @param {Survey} survey
 */
export const paint = async (survey) => {
  const { host, set } = survey;
  const lang = /** @type {HTMLElement | null} */ (host.closest('[lang]'))?.lang || navigator.language;
  const locale = survey.locale = match(set.locale || lang, LOOKUP) || (await later('languages')).find(set.locale, lang);
  survey.words = /** @type {any} */ (survey.site && LOCALES[locale]);
  const root = survey.root = host.attachShadow({ mode: isOn(set.debug) ? 'open' : 'closed' });
  script.adopt(root, STYLE);
  const stands = set.mode != 'inline';
  const [mode, form] = await Promise.all([
    stands && later(set.mode),
    set.format == 'form' && later('flat'),
    (stands || !survey.words) && fetchWords(survey),
    // data-radius, -density, -width
    /data-(ra|den|wi)/.test(host.outerHTML) && begin('look', survey),
  ]);
  survey.flat = form.flat;
  survey.shown_at = now();
  survey.form = build(survey, FORM);
  // On the host for the page's rules by language, such as its fonts; and within, where no router that puts the
  // page's attributes right takes them away.
  const frame = build(survey, ['div', { class: 'frame', translate: 'no', lang: host.lang = locale, dir: host.dir = survey.words.dir || 'ltr', 'data-theme': set.theme || '' }, ['div', {}, survey.form]]);
  mode.place?.(survey, frame);
  root.append(frame);
};
