// @ts-check
// The events that surveys dispatch to the page, and the messages that they receive: from the page, the browser and
// each other.

/** @import { AfterwordEventName } from './afterword' */
/** @import { Survey } from './survey.js' */

/** The message that shows a survey: one that was closed, or that waits for its event. */
export const SHOW = 1;
/** The message that a survey has been closed. */
export const CLOSE = 2;

/**
 * A survey's reaction to a message: SHOW, CLOSE, or the type of a DOM event. For `pageshow` and `pagehide`, `persisted`
 * tells whether the browser keeps the page in its cache.
 *
 * Before it is shown, a survey reacts only to SHOW and to the event in `data-on`. After that any event makes it send
 * unsent data at once.
 *
 * @callback Listener
 * @param {typeof SHOW | typeof CLOSE | string} [message]
 * @param {boolean} [persisted]
 */

/**
 * Every survey's listener, or the messages that came before it had one: while its place was searched, or its files were on
 * their way. What the page calls then is not lost.
 *
 * @type {WeakMap<HTMLElement, any>}
 */
const listeners = new WeakMap();

/**
 * The surveys on the page.
 *
 * @type {Set<HTMLElement>}
 */
export const surveys = new Set();

/**
 * Sets a survey's listener, instead of any earlier one. It is told at once what came before there was any.
 *
 * @param {HTMLElement} host
 * @param {Listener} listener
 */
export const onMessage = (host, listener) => {
  const early = listeners.get(host);
  listeners.set(host, listener);
  // An earlier listener has no `map`.
  early?.map?.(listener);
};

/**
 * Sends a message to one survey.
 *
 * @param {HTMLElement} host
 * @param {Parameters<Listener>[0]} [message]
 * @param {boolean} [persisted]
 */
export const notify = (host, message, persisted) => {
  const listener = listeners.get(host) || [];
  listener.map ? listeners.set(host, [...listener, message]) : listener(message, persisted);
};

/**
 * Passes a DOM event on to every survey on the page. All surveys add this one function as the listener, so that the
 * page calls it once for each event.
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
 * Sets the survey's score, and dispatches an event to the page.
 *
 * @param {Survey} survey
 * @param {AfterwordEventName} event
 * @param {number} [score] the current one
 */
export const tell = (survey, event, score = survey.score) => {
  survey.score = score;
  emit(survey.host, event, { id: survey.id, survey: survey.set.survey, score });
};
