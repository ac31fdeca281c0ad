// @ts-check
// The survey as a card in the window's lower corner, on phones a sheet at its lower edge. Fetched only
// for data-mode="corner".
//
// Every mode except inline has a file with its name, with one export: `place`. It is called once for each survey,
// before the frame is in the root. The frame contains the painted form and later the widget, so the settings that
// `place` makes apply to both.
import { CLOSE, CORNER, NOTICE } from 'built';
import { say } from '../texts.js';
import { dress } from './colours.js';
import { addPrivacy } from './privacy.js';
import { keepRoom } from './room.js';
import { settle } from './settings.js';

const page = document;
const sheet = new CSSStyleSheet();
sheet.replaceSync(CORNER);

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
 * An icon made of one line.
 *
 * @param {string} line
 */
const picture = (line) => {
  /** @param {string} name @param {Record<string, any>} attributes */
  const make = (name, attributes) => {
    const element = page.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  };
  const drawn = make('svg', { width: 14, height: 14, 'aria-hidden': true });
  drawn.append(make('path', { d: line }));
  return drawn;
};

/**
 * Turns the frame into a card: a region with a close button, which has the effect of `afterword.close()`, and a bar. In a
 * low window only the bar is visible until the customer opens the card.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 */
export const place = (survey, frame) => {
  const { host, root, locale, script } = survey;
  root.adoptedStyleSheets.push(sheet);
  // Not a dialog, because it does not take the focus and the page stays usable.
  frame.setAttribute('role', 'region');
  frame.setAttribute('aria-label', say(survey, 'question'));

  // The card has the privacy link from the start: if it grew later, the scale would move away under a finger.
  settle(survey);
  const { offset } = survey.set;
  if (offset) host.style.setProperty('--afterword-offset', `min(${offset}px, 40vh)`);
  survey.words = { ...survey.words, _privacy: NOTICE[locale] };
  addPrivacy(survey);

  /** @type {any} */
  let from; // the element from which the focus came, if it came
  host.addEventListener('focusin', ({ relatedTarget }) => from = relatedTarget || from);
  const leave = () => {
    const inside = root.activeElement;
    script.close(host);
    if (inside) from?.focus({ preventScroll: true });
  };
  /** @param {string} name @param {(string | Node)[]} content */
  const button = (name, ...content) => {
    const made = page.createElement('button');
    made.type = 'button';
    made.className = name;
    made.append(...content);
    return made;
  };
  const close = button('close', picture('M1.5 1.5l11 11m0-11l-11 11'));
  close.ariaLabel = CLOSE[locale];
  close.addEventListener('click', leave);
  const words = page.createElement('span');
  words.append(say(survey, 'question'));
  const bar = button('bar', picture('M1 10l6-6 6 6'), words);
  bar.ariaExpanded = 'false';
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
