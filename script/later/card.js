// @ts-check
// The survey as a card at an edge of the window, which leaves the page usable. A part of the modes of which it is one.
import { dress } from './colours.js';
import { closer, lift, theme } from './overlay.js';
import { keepRoom } from './room.js';

/** @import { Survey } from '../survey.js' */

/**
 * Turns the frame into a card: a region with a close button, which has the effect of `afterword.close()`, and a bar. In a
 * low window only the bar is visible until the customer opens the card.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 * @param {string} style the mode's style sheet
 */
export const place = (survey, frame, style) => {
  const { root, script } = survey;
  // Not a dialog, because it does not take the focus and the page stays usable.
  frame.setAttribute('role', 'region');
  const bar = script.build(survey, ['button', { type: 'button', class: 'bar', 'aria-expanded': 'false' }, ['span', {}, '$question']]);
  // As an attribute: Firefox before 119 does not know the property.
  frame.setAttribute('aria-label', bar.textContent);
  frame.prepend(bar);
  lift(survey, frame, style, closer(survey));
  // In the next microtask the frame is in the root and can be measured.
  queueMicrotask(() => {
    const open = keepRoom(survey, frame, dress(survey, frame, theme));
    bar.addEventListener('click', () => {
      open();
      root.querySelector('input')?.focus({ preventScroll: true });
    });
  });
};
