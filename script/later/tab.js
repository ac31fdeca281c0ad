// @ts-check
// The survey as a card in the corner that a small labelled tab at the window's edge opens. Fetched only for data-mode="tab";
// inline.js says what the files of modes have in common.
import { BESIDE, TAB } from 'built';
import { Promise } from '../engine.js';
import { dress } from './colours.js';
import { closer, lift, theme } from './overlay.js';
import { keepRoom } from './room.js';
import { begin as takeOver } from './takeover.js';
import { label } from './tongue.js';

/** @import { Survey } from '../survey.js' */

/**
 * For each survey, resolves once its card has been opened.
 *
 * @type {WeakMap<Survey, Promise<void>>}
 */
const opened = new WeakMap();

/**
 * Nothing more is fetched, and no question counts as shown, before the card is open.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => opened.get(survey)?.then(() => takeOver(survey));

/** @param {Survey} survey @param {HTMLElement} frame */
export const place = (survey, frame) => {
  const { host, root, script } = survey;
  // Whether the page has opened it while it waited for its moment.
  let { isOpen } = survey;
  let ready = () => {};
  opened.set(survey, new Promise((resolve) => ready = resolve));
  const close = closer(survey);
  lift(survey, frame, TAB, () => {
    // After the thanks the tab goes, too.
    if (root.querySelector('.thanks')) return close();
    script.close(host);
    host.removeAttribute('hidden');
    turn(false);
    tab.focus({ preventScroll: true });
  });
  frame.setAttribute('role', 'region');
  const tab = script.build(survey, ['button', { type: 'button', class: 'bar', part: 'tab', 'aria-expanded': 'false' }, ['span', {}, '$tab-label']]);
  frame.setAttribute('aria-label', tab.textContent);
  frame.prepend(tab);
  script.adopt(root, BESIDE);
  const beside = /** @type {CSSStyleSheet} */ (root.adoptedStyleSheets.at(-1));
  /** @type {ReturnType<typeof keepRoom>} */
  let arrange;
  /** @param {boolean | undefined} open */
  const turn = (open) => {
    isOpen = beside.disabled = !!open;
    arrange(isOpen);
    if (!open) return;
    if (!survey.seen) survey.shown_at = new Date().toISOString();
    ready();
  };
  // The page closes and opens surveys by this property. While only the tab is there, the survey is closed: what the page closes
  // then is the tab.
  Object.defineProperty(host, 'hidden', {
    configurable: true,
    get: () => !isOpen || host.hasAttribute('hidden'),
    set(hide) {
      host.toggleAttribute('hidden', hide);
      if (!hide) turn(true);
    },
  });
  // In the next microtask the frame is in the root and can be measured.
  queueMicrotask(() => {
    arrange = keepRoom(survey, frame, dress(survey, frame, theme));
    turn(isOpen);
    // Now, since the widget takes over only once the card is open.
    label(survey);
    tab.addEventListener('click', () => {
      turn(true);
      /** @type {HTMLElement | null} */
      const field = root.querySelector(':checked') || root.querySelector('input');
      field?.focus({ preventScroll: true });
    });
  });
};
