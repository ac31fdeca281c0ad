// @ts-check
// Remembers, while the page is open, which questions were answered and which were closed. A part of takeover.js.
// Frameworks that cache pages (Turbo, htmx) or copy elements create a survey's element again. A customer who has
// answered or closed its question must not be asked again.

import { MODE } from 'built';
import { emit } from '../events.js';

/** @import { Script, Settings, Survey } from '../survey.js' */

/**
 * How each question ended, by `question`.
 *
 * @type {Map<string, 'submitted' | 'dismissed'>}
 */
const ended = new Map();

/** @type {WeakSet<Script>} */
const remembered = new WeakSet();

/**
 * Identifies a question: by survey, touchpoint and order.
 *
 * @param {Settings} set
 */
const question = (set) => [set.survey, set.touchpoint, set['order-id']].join('\n');

/**
 * Whether this question was answered or closed.
 *
 * @param {Settings} set
 */
export const hasEnded = (set) => ended.has(question(set));

/**
 * From now on, a question that was answered is not shown again on this page, and one that was closed only by
 * `afterword.open()`.
 *
 * @param {Survey} survey
 */
export const remember = (survey) => {
  const { host, set, script } = survey;
  const key = question(set);
  for (const end of /** @type {const} */ (['submitted', 'dismissed'])) {
    host.addEventListener(`afterword:${end}`, (event) => {
      // Whoever closes the card of a tab keeps the tab. The element may have started another survey meanwhile, about another order.
      if ((MODE != 'tab' || end == 'submitted') && /** @type {CustomEvent} */ (event).detail.id == survey.id) ended.set(key, end);
    });
  }
  // It was closed before this file had loaded.
  if (MODE != 'tab' && host.hidden && !survey.attributes.getNamedItem('hidden')) ended.set(key, 'dismissed');
  if (remembered.has(script)) return;
  remembered.add(script);
  const { moment } = script;
  script.moment = (next) => {
    const { host, id, set } = next;
    const what = ended.get(question(set));
    if (what) {
      const reason = what == 'submitted' ? 'answered' : 'snoozed';
      emit(host, 'skipped', { id, survey: set.survey, reason });
      import('./anew.js').then((anew) => anew.rest(host, set, reason), () => {});
    }
    if (what == 'submitted') return new Promise(() => {});
    // Nobody dispatches this event, so only `afterword.open()` shows the survey.
    if (what) set.on = 'afterword:closed';
    return moment(next);
  };
};
