// @ts-check
// The survey as a dialog in the middle of the window: the only mode that takes the focus, and with which the page waits
// until it is closed. Fetched only for data-mode="dialog"; inline.js says what the files of modes have in common.
import { DIALOG } from 'built';
import { dress } from './colours.js';
import { lift, theme } from './overlay.js';

/** @import { Survey } from '../survey.js' */

export { begin } from './takeover.js';

/** @param {Survey} survey @param {HTMLElement} frame */
export const place = (survey, frame) => {
  const { host, root, script } = survey;
  const leave = () => script.close(host);
  lift(survey, frame, DIALOG, leave);
  // The frame gets the focus, not the button: a key that was meant for the page does nothing.
  frame.tabIndex = -1;
  /** @type {HTMLDialogElement} */
  const dialog = script.build(survey, ['dialog', { 'aria-label': '$question' }]);
  // The browser moves the focus back as it closes the dialog, and scrolls nothing for it.
  const follow = () => {
    if (host.hidden) return dialog.close();
    if (dialog.open) return;
    dialog.showModal();
    frame.focus({ preventScroll: true });
  };
  // What closes dialogs besides Escape, such as the way back on Android.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener('close', () => dialog.open || leave());
  // In the next microtask the frame is in the root.
  queueMicrotask(() => {
    root.append(dialog);
    dialog.append(frame);
    const wear = dress(survey, frame, theme);
    follow();
    new MutationObserver(follow).observe(host, { attributeFilter: ['hidden'] });
    const page = new MutationObserver(() => dialog.isConnected ? wear() : page.disconnect());
    for (const element of document.querySelectorAll('html, body')) page.observe(element, { attributes: true });
  });
};
