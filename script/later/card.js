// @ts-check
// The survey as a card over the page, which leaves the page usable. A part of the modes that stand at an edge of the
// window.
import { build } from '../markup.js';
import { adopt } from '../sheet.js';
import { say } from '../texts.js';
import { dress } from './colours.js';
import { addPrivacy } from './privacy.js';
import { keepRoom } from './room.js';
import { settle } from './settings.js';

const page = document;

/** @import { Look } from './colours.js' */
/** @import { Survey } from '../survey.js' */

/**
 * The theme that fits the page's background. The browser converts its colours from any syntax.
 *
 * @param {Look} look
 */
const theme = ({ read, isLight }) => {
  const found = [page.body, page.documentElement].map((element) => read(getComputedStyle(element).backgroundColor));
  // Behind everything is the browser's canvas, in the colour scheme that the page chose.
  const ground = [...found, read('Canvas')].find(([, , , opacity = 1]) => opacity >= 0.5);
  return ground && isLight(ground) ? 'light' : 'dark';
};

/**
 * Turns the frame into a card: a region with a close button, which has the effect of `afterword.close()`, and a bar. In a
 * low window only the bar is visible until the customer opens the card. It is called once for each survey, before the
 * frame is in the root. The frame contains the painted form and later the widget, so what is done here serves both.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 * @param {string} style the mode's style sheet
 */
export const place = (survey, frame, style) => {
  const { host, root, script } = survey;
  adopt(root, style);
  // Not a dialog, because it does not take the focus and the page stays usable.
  frame.setAttribute('role', 'region');
  frame.ariaLabel = say(survey, 'question');

  // The card has the privacy link from the start: if it grew later, the scale would move away under a finger.
  settle(survey);
  addPrivacy(survey);

  /** @type {any} */
  let from; // the element from which the focus came, if it came
  host.addEventListener('focusin', ({ relatedTarget }) => from = relatedTarget || from);
  const leave = () => {
    const inside = root.activeElement;
    script.close(host);
    if (inside) from?.focus({ preventScroll: true });
  };
  const close = build(survey, ['button', { type: 'button', class: 'close', 'aria-label': '$_close' }]);
  close.addEventListener('click', leave);
  const bar = build(survey, ['button', { type: 'button', class: 'bar', 'aria-expanded': 'false' }, ['span', {}, '$question']]);
  frame.prepend(close, bar);
  frame.addEventListener('keydown', (event) => {
    if (event.key != 'Escape' || event.isComposing) return;
    // Escape closes only the card: no other listener gets the key, not even when it is released.
    event.preventDefault();
    event.stopPropagation();
    addEventListener('keyup', (up) => up.key == 'Escape' && up.stopImmediatePropagation(), { capture: true, once: true });
    leave();
  });

  // Moves the card to the top layer: otherwise an ancestor with a transform or a filter would be its container.
  // WebKit accepts only elements that were not displayed before.
  host.hidden = true;
  host.offsetWidth;
  host.popover = 'manual';
  host.showPopover?.();
  host.hidden = false;

  // In the next microtask the frame is in the root and can be measured.
  queueMicrotask(() => {
    const open = keepRoom(survey, frame, dress(survey, frame, theme));
    bar.addEventListener('click', () => {
      open();
      root.querySelector('input')?.focus({ preventScroll: true });
    });
  });
};
