// @ts-check
// What the modes share in which a survey stands over the page.
import { MODE } from 'built';
import { addPrivacy } from './privacy.js';
import { settle } from './settings.js';

/** @import { Look } from './colours.js' */
/** @import { Survey } from '../survey.js' */

/**
 * The theme that fits the page's background. The browser converts its colours from any syntax.
 *
 * @param {Look} look
 */
export const theme = ({ read, isLight }) => {
  const page = [document.body, document.documentElement].map((element) => read(getComputedStyle(element).backgroundColor));
  // Behind everything is the browser's canvas, in the colour scheme that the page chose.
  const ground = [...page, read('Canvas')].find(([, , , opacity = 1]) => opacity >= 0.5);
  return ground && isLight(ground) ? 'light' : 'dark';
};

/**
 * Watches from where the focus comes into the survey. The function that is returned closes the survey, and if the survey
 * has the focus, gives it back.
 *
 * @param {Survey} survey
 */
export const closer = ({ host, root, script }) => {
  /** @type {any} */
  let from; // the element from which the focus came, if it came
  host.addEventListener('focusin', ({ relatedTarget }) => from = relatedTarget || from);
  return () => {
    const inside = root.activeElement;
    script.close(host);
    if (inside) from?.focus({ preventScroll: true });
  };
};

/**
 * Gives the frame a button and the Escape key to leave it by, and moves its survey over the page. It is called once for
 * each survey, before the frame is in the root. The frame contains the painted form and later the widget, so what is done
 * here serves both.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 * @param {string} style the mode's style sheet
 * @param {() => void} leave
 */
export const lift = (survey, frame, style, leave) => {
  const { host, root, script } = survey;
  script.adopt(root, style);
  // The link to the privacy notice is there from the start: if the survey grew later, the scale would move away under a
  // finger.
  settle(survey);
  addPrivacy(survey);

  const close = script.build(survey, ['button', { type: 'button', class: 'close', 'aria-label': '$_close' }]);
  close.addEventListener('click', leave);
  frame.prepend(close);
  frame.addEventListener('keydown', (event) => {
    if (event.key != 'Escape' || event.isComposing) return;
    // Only the tab is there.
    if (MODE == 'tab' && host.hidden) return;
    // Escape closes only the survey: no other listener gets the key, not even when it is released.
    event.preventDefault();
    event.stopPropagation();
    addEventListener('keyup', (up) => up.key == 'Escape' && up.stopImmediatePropagation(), { capture: true, once: true });
    leave();
  });

  // Into the top layer: otherwise an ancestor with a transform or a filter would be its container. WebKit accepts only
  // elements that were not displayed before.
  host.hidden = true;
  host.offsetWidth;
  host.popover = 'manual';
  host.showPopover?.();
  host.hidden = false;
};
