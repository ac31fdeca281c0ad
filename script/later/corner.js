// @ts-check
// The survey as a card in the window's lower corner, on phones a sheet at its lower edge. Fetched only for
// data-mode="corner"; inline.js says what the files of modes have in common.
import { CORNER } from 'built';
import { place as placeCard } from './card.js';

/** @import { Survey } from '../survey.js' */

export { begin } from './takeover.js';

/** How long thanks stay with which nobody is busy, in milliseconds. */
const THANKED = 8000;

/** @param {Survey} survey @param {HTMLElement} frame */
export const place = (survey, frame) => {
  placeCard(survey, frame, CORNER);
  const { host, root } = survey;
  let timer = 0;
  let canHover = false; // whether the last pointer was no finger, after which an element counts as hovered until the next tap
  /** @type {Animation | undefined} */
  let fading;
  const wait = () => {
    clearTimeout(timer);
    fading?.cancel();
    timer = setTimeout(leave, THANKED);
  };
  const leave = () => {
    // The customer may have closed it, or the element may ask about another order. A link waits until the customer closes the card.
    if (host.hidden || !frame.isConnected || !root.querySelector('.thanks') || root.querySelector('.links a')) return;
    // Not the focus that pressing Send by a pointer leaves in the card.
    // The pointer is looked for, as WebKit does not tell that it has left if what was under it was removed, as Send is.
    if (survey.down || (canHover && frame.matches(':hover')) || document.hidden || root.querySelector(':focus-visible')) return wait();
    const isStill = matchMedia('(prefers-reduced-motion:reduce)').matches;
    fading = frame.animate({ opacity: 0, translate: '0 12px' }, isStill ? 0 : 200);
    fading.onfinish = () => /** @type {HTMLElement} */ (frame.querySelector('.close')).click();
  };
  host.addEventListener('afterword:submitted', wait);
  for (const type of ['pointerenter', 'pointerdown', 'pointerleave', 'keyup']) {
    frame.addEventListener(type, (event) => {
      const pointer = /** @type {PointerEvent} */ (event).pointerType;
      if (pointer) canHover = pointer != 'touch';
      wait();
    });
  }
  // Whoever comes back to the tab has not read them yet.
  document.addEventListener('visibilitychange', wait);
};
