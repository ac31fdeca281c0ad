// @ts-check
// Whether anything may be stored in the customer's browser, if the shop requires consent with data-consent.

import { emit } from './events.js';

let given = false;

/**
 * Stores the answer that the page gives with `afterword.consent()`.
 *
 * @param {boolean} answer
 */
export const consent = (answer) => {
  given = answer;
  emit(document, 'consent');
};

/** Whether the page has given consent and not withdrawn it. */
export const hasConsent = () => given;
