// @ts-check
// For browsers that lack something of what we use: Safari before 16.4, Chrome and Edge before 131, Firefox before 133. Only
// they fetch it, before a survey is painted. docs/BROWSERS.md has the table.
import { tag } from '../home.js';
import { carry } from './parting.js';

/** @import { Script } from '../survey.js' */

/** The rules for a narrow survey: their limit in px, and what is in them. */
const NARROW = /@container\s*\(width\s*<\s*(\d+)px\)\s*\{((?:[^{}]*\{[^{}]*\})*)\}/;

/** A part of the text's colour. */
const PART = /color-mix\(in srgb, ?currentColor (\d+)%, ?transparent\)/gi;

/**
 * Before later/colours.js has chosen its colours, nobody knows which letters can be read on a fill. So nothing is filled, and
 * the button has an edge.
 */
const UNDRESSED = '.frame:not([style]){--afterword-fill:none;--afterword-on-fill:currentColor;--afterword-rim:currentColor}';

/** @param {string} rule */
const lacks = (rule) => !CSS.supports(rule);

/**
 * A style sheet of a root that can be switched off.
 *
 * @typedef {{ disabled: boolean }} Sheet
 */

/**
 * Adds a style sheet to a root: adopted, or in browsers without that as an element, for which a policy of the page has to
 * allow inline styles, or the nonce of the script's tag. Throws if it does not.
 *
 * @param {ShadowRoot} root
 * @param {string} text
 * @returns {Sheet}
 */
const add = (root, text) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets.push(sheet);
    return sheet;
  } catch {
    const element = document.createElement('style');
    element.nonce = tag?.nonce || '';
    element.textContent = text;
    root.append(element);
    if (element.isConnected && !element.sheet) throw new Error('the policy of the page forbids our styles');
    // An element that is moved gets another sheet, so the element itself is switched off.
    const sheet = /** @type {any} */ ({ set disabled(/** @type {boolean} */ off) { element.media = off ? 'not all' : 'all'; } });
    // Others take the last sheet from this list, and ask whether theirs is still there.
    const value = [...Object.getOwnPropertyDescriptor(root, 'adoptedStyleSheets')?.value || [], sheet];
    Object.defineProperty(root, 'adoptedStyleSheets', { value, configurable: true, writable: true });
    return sheet;
  }
};

/**
 * Applies a sheet as long as the frame is narrower than this.
 *
 * @param {ShadowRoot} root
 * @param {Sheet} sheet
 * @param {number} limit in px
 */
const applyBelow = (root, sheet, limit) => {
  // The frame comes after its style sheet, and stays.
  const coming = new MutationObserver(() => {
    const frame = root.querySelector('.frame');
    if (!frame) return;
    coming.disconnect();
    const fit = () => sheet.disabled = frame.clientWidth >= limit;
    fit();
    // In the next frame: the height changes, and a change within an observer's turn is an error for the page.
    new ResizeObserver(() => requestAnimationFrame(fit)).observe(frame);
  });
  coming.observe(root, { childList: true });
};

/**
 * Red, green, blue and opacity, from 0 to 1, of a colour as the browser computes it: `rgb()`, or what it knows besides.
 *
 * @param {string} computed
 */
const pixel = (computed) => {
  const parts = /^rgb/.test(computed) && computed.match(/[\d.]+(e-?\d+)?/g);
  if (parts) return parts.map((part, index) => index < 3 ? +part / 255 : +part);
  const canvas = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  canvas.fillStyle = computed;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => byte / 255);
};

/**
 * Puts what this browser needs into the functions of afterword.js.
 *
 * @param {Script} script
 */
export const begin = (script) => {
  const isMixed = !lacks('color:color-mix(in srgb,red,red)');
  const isContained = !lacks('container-type:inline-size');
  if (!isMixed) script.pixel = pixel;
  // A beacon when the page closes.
  if (!('keepalive' in Request.prototype)) script.carrier = carry;
  script.adopt = (root, style) => {
    // Edges have to be seen; what only decorates may be a grey.
    if (!isMixed) style = style.replace(PART, (_, share) => share < 50 ? `rgb(128 128 128/${2 * share}%)` : 'currentColor');
    const narrow = isContained ? null : NARROW.exec(style);
    add(root, (narrow ? style.replace(NARROW, '') : style) + UNDRESSED);
    if (narrow) applyBelow(root, add(root, narrow[2]), +narrow[1]);
  };
};
