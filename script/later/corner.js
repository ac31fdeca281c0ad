// @ts-check
// The survey as a card in the window's lower corner, on phones a sheet at its lower edge. Fetched only
// where the shop says data-mode="corner".
//
// Every mode but inline is a file of its name, with one export: `place`, called once a survey, before
// the frame stands in the root. What it sets holds for the painted form and the widget alike, which
// stand in the frame.
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
 * The theme that suits the page behind a card. The browser computes its colours, however they are written.
 *
 * @param {Look} look
 */
const theme = ({ read, isLight }) => {
  const found = [page.body, page.documentElement].map((element) => read(getComputedStyle(element).backgroundColor));
  // What stands behind everything is the browser's own canvas, in the scheme that the page chose.
  const ground = [...found, read('Canvas')].find(([, , , opacity = 1]) => opacity >= 0.5);
  return ground && isLight(ground) ? 'light' : 'dark';
};

/**
 * A picture of one line.
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
 * Makes a card of the frame: a region with a close button, which does what `afterword.close()` does, and a bar, which
 * is all that is seen of it where the window is low.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 */
export const place = (survey, frame) => {
  const { host, root, locale, script } = survey;
  root.adoptedStyleSheets.push(sheet);
  // Not a dialog: nobody is called to it, and the page goes on as before.
  frame.setAttribute('role', 'region');
  frame.setAttribute('aria-label', say(survey, 'question'));

  // It has the link from the beginning: a card that grew later would move the scale away under a finger.
  settle(survey);
  survey.words = { ...survey.words, _privacy: NOTICE[locale] };
  addPrivacy(survey);

  /** @type {any} */
  let from; // where the focus came from, if it came
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
    // It closes the card, and nothing else that listens for it: not as the key goes up, either.
    event.preventDefault();
    event.stopPropagation();
    addEventListener('keyup', (up) => up.key == 'Escape' && up.stopImmediatePropagation(), { capture: true, once: true });
    leave();
  });

  // The top layer: a fixed element would else stand in whatever around it has a transform or a filter.
  // WebKit takes only what was not displayed before.
  host.hidden = true;
  host.offsetWidth;
  host.popover = 'manual';
  host.showPopover?.();
  host.hidden = false;

  // In a moment the frame is in the root, where it can be measured.
  queueMicrotask(() => {
    const open = keepRoom(survey, frame, dress(survey, frame, theme));
    bar.addEventListener('click', () => {
      open();
      root.querySelector('input')?.focus({ preventScroll: true });
    });
  });
};
