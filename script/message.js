// @ts-check
// The messages to the endpoint: the contract's JSON. src/answer.rs makes the same for the widget.
import { RELEASE } from 'built';
import { group } from './attributes.js';
import { say } from './texts.js';

/** @import { Survey, Revision } from './survey.js' */

/** The time, in RFC 3339. */
export const now = () => new Date().toISOString();

/**
 * A message in the form the shop wants.
 *
 * @param {Pick<Survey, 'flat'>} survey
 * @param {object} message
 * @returns {string | URLSearchParams}
 */
export const write = ({ flat }, message) => flat
  ? flat(message)
  // The replacer undoes what a toJSON method of the page's has made of a value.
  : JSON.stringify(message, function (key) { return this[key]; });

/**
 * The request that carries a message.
 *
 * @param {Survey} survey
 * @param {object} message
 * @returns {Revision}
 */
export const pack = (survey, message) => ({
  method: 'POST',
  headers: { ...(survey.flat ? {} : { 'content-type': survey.kind }), ...group(survey.set, 'header-') },
  body: write(survey, message),
});

/**
 * What every message begins with.
 *
 * @param {Survey} survey
 */
export const about = ({ id, set, page, locale }) => ({ version: 1, id, survey: set.survey, touchpoint: set.touchpoint, page, locale });

/**
 * Makes the next revision of the answer.
 *
 * @param {Survey} survey
 * @param {string} [words] the comment; absent until Send was pressed
 */
export const revise = (survey, words) => {
  const { set, score, layout, shown_at, scored_at } = survey;
  /** @param {string} name @param {number} count @param {number} length */
  const list = (name, count, length) => set[name]?.split(',', count).map((item) => item.trim().slice(0, length)).filter((item) => item);
  survey.sent_score = score;
  survey.complete = words != null;
  return pack(survey, {
    ...about(survey), revision: ++survey.revision, complete: survey.complete, score, comment: words?.trim() || undefined,
    shown_at, scored_at, sent_at: now(),
    method: {
      question: say(survey, 'question').slice(0, 500), low_label: say(survey, 'low-label'), high_label: say(survey, 'high-label'),
      layout, mode: set.mode || 'inline', release: RELEASE,
    },
    order: group(set, 'order-', set.products && { products: list('products', 50, 128) }),
    customer: group(set, 'customer-'), properties: group(set, 'prop-'), tags: list('tags', 20, 64),
  });
};
