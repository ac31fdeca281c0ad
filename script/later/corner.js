// @ts-check
// The survey as a card in the window's lower corner, on phones a sheet at its lower edge. Fetched only for
// data-mode="corner"; inline.js says what the files of modes have in common.
import { CORNER } from 'built';
import { place as placeCard } from './card.js';

/** @import { Survey } from '../survey.js' */

export { begin } from './takeover.js';

/** How long thanks stay while nobody is busy with them, in milliseconds. */
const THANKED = 8000;

/** @param {Survey} survey @param {HTMLElement} frame */
export const place = (survey, frame) => {
  placeCard(survey, frame, CORNER);
  const { host, root } = survey;
  let timer = 0;
  // Whether the last pointer was no finger: after a finger, an element counts as hovered until the next tap.
  let canHover = false;
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
  // Whoever comes back to the tab has not read the thanks yet. Once the card is gone, nothing of it may stay in the page.
  const comeBack = () => {
    if (frame.isConnected && !host.hidden) wait();
    else document.removeEventListener('visibilitychange', comeBack);
  };
  host.addEventListener('afterword:submitted', () => {
    document.addEventListener('visibilitychange', comeBack);
    wait();
  });
  for (const type of ['pointerenter', 'pointerdown', 'pointerleave', 'keyup']) {
    frame.addEventListener(type, (event) => {
      const pointer = /** @type {PointerEvent} */ (event).pointerType;
      if (pointer) canHover = pointer != 'touch';
      wait();
    });
  }
};
