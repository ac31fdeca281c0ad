// @ts-check
// The survey as a card in the window's lower corner, on phones a sheet at its lower edge. Fetched only
// where the shop says data-mode="corner".
//
// Every mode but inline is a file of its name, with one export: `place`, called once a survey, before
// the frame stands in the root. What it sets holds for the painted form and the widget alike, which
// stand in the frame.
import { CLOSE, CORNER, NOTICE } from 'built';
import { say } from '../texts.js';
import { addPrivacy } from './privacy.js';
import { settle } from './settings.js';

const page = document;
const sheet = new CSSStyleSheet();
sheet.replaceSync(CORNER);

/** @import { Survey } from '../survey.js' */

/**
 * Whether the page is dark behind a survey. The browser computes its colours, however they are written.
 *
 * @param {ShadowRoot} root
 */
const dark = (root) => {
  const probe = page.createElement('i');
  root.append(probe);
  const found = [page.body, page.documentElement].map((element) => getComputedStyle(element).backgroundColor);
  // What stands behind everything is the browser's own canvas, in the scheme that the page chose.
  for (const colour of [...found, 'Canvas']) {
    probe.style.color = `oklch(from ${colour} l 0 0)`;
    const [lightness, , , opacity = 1] = /** @type {any} */ (getComputedStyle(probe).color.match(/[\d.]+/g));
    if (opacity < 0.5) continue;
    probe.remove();
    return lightness < 0.6;
  }
};

const cross = () => {
  /** @param {string} name @param {Record<string, any>} attributes */
  const make = (name, attributes) => {
    const element = page.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  };
  const picture = make('svg', { width: 14, height: 14, 'aria-hidden': true });
  picture.append(make('path', { d: 'M1.5 1.5l11 11m0-11l-11 11' }));
  return picture;
};

/**
 * Makes a card of the frame: a region with a close button, which does what `afterword.close()` does.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 */
export const place = (survey, frame) => {
  const { host, root, locale, set, script } = survey;
  root.adoptedStyleSheets.push(sheet);
  if (!/^(light|dark)$/.test(set.theme)) frame.dataset.theme = dark(root) ? 'dark' : 'light';
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
  const button = page.createElement('button');
  button.type = 'button';
  button.className = 'close';
  button.setAttribute('aria-label', CLOSE[locale]);
  button.append(cross());
  button.addEventListener('click', leave);
  frame.prepend(button);
  frame.addEventListener('keydown', (event) => {
    if (event.key == 'Escape' && !event.isComposing) leave();
  });

  // The top layer: a fixed element would else stand in whatever around it has a transform or a filter.
  // WebKit takes only what was not displayed before.
  host.hidden = true;
  host.offsetWidth;
  host.popover = 'manual';
  host.showPopover?.();
  host.hidden = false;
};
