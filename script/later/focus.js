// @ts-check
// Keeps the focus in the survey when the element with the focus is removed.

/**
 * If the focus is in the survey, moves it: to the status region, which stays when the thanks replace the form, or to
 * another element.
 *
 * @param {ShadowRoot} root
 * @param {string} [selector]
 * @param {Element | null} [at] the element with the focus
 */
export const keepFocus = (root, selector = '.status', at = root.activeElement) => {
  if (at) setTimeout(() => /** @type {HTMLElement} */ (root.querySelector(selector)).focus({ preventScroll: true }));
};
