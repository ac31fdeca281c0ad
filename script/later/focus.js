// @ts-check

/**
 * As the form gives way to the thanks, a focus inside it moves to the status region, which stays.
 *
 * @param {ShadowRoot} root
 */
export const keepFocus = (root) => {
  if (root.activeElement) setTimeout(() => /** @type {HTMLElement} */ (root.querySelector('.status')).focus({ preventScroll: true }));
};
