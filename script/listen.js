// @ts-check
// What the painted form does: for the customer, for the page, and for what the page is told.
import { SETTLE } from 'built';
import { CLOSE, onMessage, tell } from './events.js';
import { Promise } from './engine.js';
import { begin, later } from './files.js';
import { arranged } from './layout.js';
import { now } from './message.js';
import { plan, send } from './sending.js';
import { fetchWords } from './words.js';

/** @import { Survey } from './survey.js' */

/**
 * Fetches later/form.js, and has it complete the painted form.
 *
 * @param {Survey} survey
 */
export const complete = (survey) => survey.completing ||= Promise.all([later('form'), fetchWords(survey)]).then(([form]) => {
  if (survey.widget) return survey.completing = undefined;
  survey.onAnswer ||= form.complete(survey);
}, () => {
  survey.completing = undefined;
  tell(survey, 'failed');
});

/** @param {Survey} survey */
export const listen = (survey) => {
  const { host, form, root, set } = survey;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', ({ target }) => {
    const { type, value } = /** @type {HTMLInputElement} */ (target);
    // The widget hears of it from later/takeover.js, which clicks the same score there.
    if (survey.widget || type != 'radio') return;
    survey.score = +value;
    survey.scored_at = now();
    survey.layout = arranged(survey);
    // Once Send was pressed, form.js sends the score together with the words.
    if (!survey.complete) plan(survey, SETTLE);
    tell(survey, 'scored');
    complete(survey);
  });
  onMessage(host, (message, persisted) => {
    // In WebKit and Firefox an attempt may never end that is under way when the page is kept for the way back.
    if (persisted) survey.abandon?.();
    if (message != CLOSE) return survey.widget ? survey.widget() : send(survey);
    if (!root.querySelector('.thanks')) tell(survey, 'dismissed');
  });
  // Before anybody taps: an answer without a display looks made up where all others have one.
  if (set.report == 'all') begin('displays', survey);
};
