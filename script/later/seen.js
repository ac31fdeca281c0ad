// @ts-check
// Decides when a question counts as shown. A part of takeover.js, and so of every mode.

import { tell } from '../events.js';
import { begin } from './settings.js';

/** @import { Survey } from '../survey.js' */

/** The share of the question that has to be in view. */
const HALF = 0.5;

/**
 * Dispatches `afterword:shown`, once.
 *
 * @param {Survey} survey
 */
export const see = (survey) => {
  if (survey.seen) return;
  survey.seen = true;
  tell(survey, 'shown');
};

/**
 * Waits until half of the question is in view on a visible page, and then calls `see`. A prerendered page, a tab in the
 * background, and the preview that Turbo shows while it fetches a page do not count. A customer who answers earlier has
 * seen the question, too.
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
    // A little less than half, because boxes can end within a pixel.
    if (!isIntersecting || intersectionRatio < HALF - 0.01 || !isSeen()) return;
    end();
    see(survey);
  }, { threshold: HALF });
  // Makes the observer report again.
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
  const answered = () => {
    see(survey);
    begin(import('./outcome.js'), survey);
  };
  // In the capture phase, so that `shown` is dispatched before the painted form's listener dispatches `scored`.
  root.addEventListener('change', answered, { capture: true, once: true });
  // The customer has answered before this file arrived.
  if (survey.score != null) answered();
  view.observe(frame);
  unseen.add(weak);
};

/**
 * The frames that have not been in view. Weak references, so that a survey that is removed unseen can be freed.
 *
 * @type {Set<WeakRef<HTMLElement>>}
 */
const unseen = new Set();

/**
 * For each frame, the function that makes its observer report again.
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
