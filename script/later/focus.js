// @ts-check
// Keeps the focus in the survey when the element with the focus is removed.

/**
 * If the focus is in the form, moves it to the status region, which stays when the thanks replace the form.
 *
 * @param {ShadowRoot} root
 */
export const keepFocus = (root) => {
  if (root.activeElement) setTimeout(() => /** @type {HTMLElement} */ (root.querySelector('.status')).focus({ preventScroll: true }));
};
