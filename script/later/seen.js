// @ts-check
// When a question counts as shown. A part of takeover.js.

/** @import { Survey } from '../survey.js' */

/** How much of the question has to be in view. */
const HALF = 0.5;

/**
 * Tells the page, once, that the question was shown: when half of it has been in view on a page that somebody sees.
 * A page that is prerendered, or in a tab behind others, is seen by nobody yet; a preview, which Turbo shows of a page
 * that it is still fetching, goes again at once. Whoever answers before has seen the question, too: afterword.js
 * knows that.
 *
 * @param {Survey} survey
 */
export const watch = (survey) => {
  const { root, script } = survey;
  // The frame stays when the widget comes.
  const frame = /** @type {HTMLElement} */ (root.querySelector('.frame'));
  const isSeen = () => document.visibilityState == 'visible' && !(/** @type {any} */ (document).prerendering)
    && !document.documentElement.hasAttribute('data-turbo-preview');
  const view = new IntersectionObserver((entries) => {
    const { isIntersecting, intersectionRatio } = entries[entries.length - 1];
    // Not exactly: of a box with a fraction of a pixel, half is a little less.
    if (!isIntersecting || intersectionRatio < HALF - 0.01 || !isSeen()) return;
    end();
    script.see(survey);
  }, { threshold: HALF });
  // The observer says anew where it stands.
  const again = () => {
    view.unobserve(frame);
    view.observe(frame);
  };
  const end = () => {
    view.disconnect();
    document.removeEventListener('visibilitychange', again);
    document.removeEventListener('prerenderingchange', again);
  };
  view.observe(frame);
  document.addEventListener('visibilitychange', again);
  document.addEventListener('prerenderingchange', again);
};
