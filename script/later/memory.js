// @ts-check
// What is remembered as long as the page lives: which questions were answered and which were closed. A part of
// takeover.js. Frameworks that keep pages (Turbo, htmx) or copy elements make a survey's element anew; to whoever has
// answered or closed it, it is the same question.

import { emit } from '../events.js';

/** @import { Script, Settings, Survey } from '../survey.js' */

/**
 * What became of a question, by what it is.
 *
 * @type {Map<string, 'submitted' | 'dismissed'>}
 */
const ended = new Map();

/** @type {WeakSet<Script>} */
const remembered = new WeakSet();

/**
 * What a question is: another order, another question.
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
 * From now on, asks nothing on this page that was answered, and what was closed only when the page opens it.
 *
 * @param {Survey} survey
 */
export const remember = (survey) => {
  const { host, set, script } = survey;
  const key = question(set);
  for (const end of /** @type {const} */ (['submitted', 'dismissed'])) {
    host.addEventListener(`afterword:${end}`, (event) => {
      // The element may ask about another order meanwhile.
      if (/** @type {CustomEvent} */ (event).detail.id == survey.id) ended.set(key, end);
    });
  }
  // Closed before this file was here.
  if (host.hidden && !survey.attributes.getNamedItem('hidden')) ended.set(key, 'dismissed');
  if (remembered.has(script)) return;
  remembered.add(script);
  const { moment } = script;
  script.moment = (next) => {
    const { host, id, set } = next;
    const what = ended.get(question(set));
    if (what) {
      emit(host, 'skipped', { id, survey: set.survey, reason: what == 'submitted' ? 'answered' : 'snoozed' });
      import('./anew.js').then((anew) => anew.awaitAnotherOrder(host, set), () => {});
    }
    if (what == 'submitted') return new Promise(() => {});
    // An event that nobody dispatches: then only `afterword.open()` shows it.
    if (what) set.on = 'afterword:closed';
    return moment(next);
  };
};
