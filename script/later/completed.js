// @ts-check
// What a message holds once Send was pressed.

/** @import { Survey } from '../survey.js' */

/**
 * What the customer said beside the comment, by the contract's names, with the sentences that they read.
 *
 * @typedef {{ reasons?: string[], quotable?: boolean, quote_name?: string, contact?: string, answer_page?: string,
 *   method: { contact_text?: string, quote_text?: string } }} FurtherAnswers
 */

/**
 * The message of an answer that Send completes. It tells whether the thanks show the review link, so that the shop can
 * prove that they do for every score or for none.
 *
 * @param {Pick<Survey, 'complete' | 'set'>} survey the settings read by all rules
 * @param {Record<string, any>} message
 * @param {string} words the comment
 */
export const completed = (survey, message, words) => (
  { ...message, complete: survey.complete = true, comment: words.trim() || undefined, review_link: !!survey.set['review-url'] }
);

/**
 * The members that a message gets with what was said beside the comment.
 *
 * @param {Record<string, any>} message
 * @param {FurtherAnswers} said
 */
export const addition = ({ method }, said) => ({ ...said, method: { ...method, ...said.method } });
