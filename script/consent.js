// @ts-check
// Whether anything may be stored in the customer's browser, if the shop requires consent with data-consent.

let given = false;

/**
 * Stores the answer that the page gives with `afterword.consent()`.
 *
 * @param {boolean} answer
 */
export const consent = (answer) => {
  given = answer;
  dispatchEvent(new Event('afterword:consent'));
};

/** Whether the page has given consent and not withdrawn it. */
export const hasConsent = () => given;
