// @ts-check
// Whether anything may be kept in the customer's browser, where the shop asks for it with data-consent.

let given = false;

/**
 * What the page says through `afterword.consent()`.
 *
 * @param {boolean} answer
 */
export const consent = (answer) => {
  given = answer;
  dispatchEvent(new Event('afterword:consent'));
};

/** Whether the page has said yes, and not taken it back. */
export const hasConsent = () => given;
