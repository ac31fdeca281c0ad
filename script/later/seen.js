// @ts-check
// When a question counts as shown. A part of takeover.js.

import { tell } from '../events.js';

/** @import { Survey } from '../survey.js' */

/** How much of the question has to be in view. */
const HALF = 0.5;

/**
 * Tells the page, once, that the question was shown.
 *
 * @param {Survey} survey
 */
export const see = (survey) => {
  if (survey.seen) return;
  survey.seen = true;
  tell(survey, 'shown');
};

/**
 * Tells the page so when half of it has been in view on a page that somebody sees.
 * A page that is prerendered, or in a tab behind others, is seen by nobody yet; a preview, which Turbo shows of a page
 * that it is still fetching, goes again at once. Whoever answers before has seen the question, too.
 *
 * @param {Survey} survey
 */
export const watch = (survey) => {
  const { root } = survey;
  // The frame stays when the widget comes.
  const frame = /** @type {HTMLElement} */ (root.querySelector('.frame'));
  const isSeen = () => document.visibilityState == 'visible' && !(/** @type {any} */ (document).prerendering)
    && !document.documentElement.hasAttribute('data-turbo-preview');
  const view = new IntersectionObserver((entries) => {
    const { isIntersecting, intersectionRatio } = entries[entries.length - 1];
    // Not exactly: of a box with a fraction of a pixel, half is a little less.
    if (!isIntersecting || intersectionRatio < HALF - 0.01 || !isSeen()) return;
    end();
    see(survey);
  }, { threshold: HALF });
  // The observer says anew where it stands.
  const again = () => {
    view.unobserve(frame);
    view.observe(frame);
  };
  const weak = new WeakRef(frame);
  lookers.set(frame, again);
  const end = () => {
    view.disconnect();
    unseen.delete(weak);
  };
  // Before the painted form's own listener: shown comes before scored.
  root.addEventListener('change', () => see(survey), { capture: true, once: true });
  // Somebody was quicker than this file.
  if (survey.score != null) see(survey);
  view.observe(frame);
  unseen.add(weak);
};

/**
 * The frames that nobody has seen yet. Held weakly: a survey that is removed unseen goes.
 *
 * @type {Set<WeakRef<HTMLElement>>}
 */
const unseen = new Set();

/**
 * What looks at a frame again.
 *
 * @type {WeakMap<HTMLElement, () => void>}
 */
const lookers = new WeakMap();

for (const type of ['visibilitychange', 'prerenderingchange']) {
  document.addEventListener(type, () => {
    for (const weak of unseen) {
      const frame = weak.deref();
      if (frame) lookers.get(frame)?.();
      else unseen.delete(weak);
    }
  });
}
