// @ts-check
// The messages to the endpoint: the contract's JSON. src/answer.rs makes the same for the widget.
import { RELEASE, RULES } from 'built';
import { group, isOn } from './attributes.js';
import { asksForPrivacy } from './signals.js';
import { say } from './texts.js';

/** @import { Survey, Revision, Settings } from './survey.js' */

/** The time, in RFC 3339. */
export const now = () => new Date().toISOString();

/**
 * Writes a message in the format that the shop chose. If the customer's browser asks for privacy (Global Privacy
 * Control, Do Not Track), it leaves out the customer and the properties.
 *
 * @param {Pick<Survey, 'flat'>} survey
 * @param {Record<string, any>} message
 * @returns {string | URLSearchParams}
 */
export const write = ({ flat }, message) => {
  if (asksForPrivacy()) message.customer = message.properties = undefined;
  return flat
    ? flat(message)
    // The replacer reads the value from `this`, because the page may have added a toJSON method that changes it.
    : JSON.stringify(message, function (key) {
      return this[key]?.replace?.(/\p{Cs}/gu, '\ufffd') ?? this[key];
    });
};

/**
 * The request that carries a message.
 *
 * @param {Survey} survey
 * @param {object} message
 * @returns {Revision}
 */
export const pack = (survey, message) => ({
  method: 'POST',
  headers: /** @type {Record<string, string>} */ (group(survey.set, 'header-', survey.flat ? {} : { 'content-type': survey.kind })),
  body: write(survey, message),
});

/**
 * The fields that every message has.
 *
 * @param {Survey} survey
 */
export const about = ({ id, set, page, locale }) => ({
  version: 1, id, test: isOn(set.test) || undefined, survey: set.survey, touchpoint: set.touchpoint, page, locale,
});

/**
 * The fields about the order and the customer, the properties and the tags, which the shop sets.
 *
 * @param {Settings} set
 */
export const facts = (set) => ({
  order: group(set, 'order-', set.products && { products: set.products }),
  customer: group(set, 'customer-'), properties: group(set, 'prop-'), tags: set.tags,
});

/**
 * Makes the next revision of the answer, as an object: the score alone. later/completed.js adds what Send adds.
 *
 * @param {Survey} survey
 */
export const answer = (survey) => {
  const { set } = survey;
  /**
   * A text as the customer reads it, cut to the limit of the contract, which it can exceed with the subject.
   *
   * @param {string} name
   */
  const asked = (name) => /** @type {RegExp} */ (RULES[name]).exec(say(survey, name))?.[0];
  return {
    ...about(survey), revision: ++survey.revision, complete: false, score: survey.sent_score = survey.score,
    shown_at: survey.shown_at, scored_at: survey.scored_at, sent_at: now(),
    method: {
      question: asked('question'), low_label: asked('low-label'), high_label: asked('high-label'),
      layout: survey.layout, mode: set.mode, release: RELEASE,
    },
    ...facts(set),
  };
};

/**
 * Makes the next revision of the answer, before Send was pressed: as a request.
 *
 * @param {Survey} survey
 */
export const revise = (survey) => pack(survey, answer(survey));
