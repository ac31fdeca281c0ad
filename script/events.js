// @ts-check
// What surveys tell the page, and what they are told: by the page, by its visitor and by each other.

/** @import { AfterwordEventName } from './afterword' */
/** @import { Survey } from './survey.js' */

/** The message that shows a survey: one that was closed, or that waits for its event. */
export const SHOW = 1;
/** The message that a survey has been closed. */
export const CLOSE = 2;

/**
 * What a survey does when it is told something: SHOW, CLOSE, or the type of a DOM event. `persisted` says of
 * `pageshow` and `pagehide` whether the browser keeps the page for a way back.
 *
 * Until it is shown, a survey reacts to SHOW and to the event of `data-on` only. Then any event makes it send
 * at once what is unsent.
 *
 * @callback Listener
 * @param {typeof SHOW | typeof CLOSE | string} [message]
 * @param {boolean} [persisted]
 */

/** @type {WeakMap<HTMLElement, Listener>} */
const listeners = new WeakMap();

/**
 * The surveys on the page.
 *
 * @type {Set<HTMLElement>}
 */
export const surveys = new Set();

/**
 * Sets what a survey does from now on when it is told something.
 *
 * @param {HTMLElement} host
 * @param {Listener} listener
 */
export const onMessage = (host, listener) => listeners.set(host, listener);

/**
 * Tells one survey.
 *
 * @param {HTMLElement} host
 * @param {Parameters<Listener>[0]} [message]
 * @param {boolean} [persisted]
 */
export const notify = (host, message, persisted) => listeners.get(host)?.(message, persisted);

/**
 * Tells every survey on the page of a DOM event. It is one function, so that a page has it as a listener once,
 * however many surveys want the event.
 *
 * @param {Event & { persisted?: boolean }} event
 */
export const notifyAll = ({ type, persisted }) => surveys.forEach((host) => notify(host, type, persisted));

/**
 * Hides a survey.
 *
 * @param {HTMLElement} host
 */
export const close = (host) => {
  if (!host.hidden) notify(host, CLOSE);
  host.hidden = true;
};

/**
 * Dispatches an event of ours, which bubbles and crosses shadow roots.
 *
 * @param {EventTarget} target
 * @param {AfterwordEventName | 'consent' | 'context'} name
 * @param {object} [detail]
 */
export const emit = (target, name, detail = {}) => target.dispatchEvent(new CustomEvent('afterword:' + name, { bubbles: true, composed: true, detail }));

/**
 * Tells the page what has happened.
 *
 * @param {Survey} survey
 * @param {AfterwordEventName} event
 * @param {number} [score] as it stands now
 */
export const tell = (survey, event, score = survey.score) => {
  survey.score = score;
  emit(survey.host, event, { id: survey.id, survey: survey.set.survey, score });
};
