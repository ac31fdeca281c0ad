// @ts-check
// Chooses readable colours. The survey uses the page's colours. If their contrast is too low, or the background is not
// known, it uses its own. A part of every mode.
//
// The contrast is WCAG's: 4.5 for text, 3 for the edges of controls and for the focus.

/** @import { Survey } from '../survey.js' */

/**
 * Red, green and blue of sRGB, from 0 to 1, then the opacity, absent where it is 1.
 *
 * @typedef {number[]} Colour
 */

const TEXT = 4.5;
const EDGE = 3;
const BLACK = [0, 0, 0];
const WHITE = [1, 1, 1];

/** @param {Colour} colour */
const luminance = (colour) => [0.2126, 0.7152, 0.0722].reduce((sum, share, part) => {
  const value = Math.min(Math.max(colour[part], 0), 1);
  return sum + share * (value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92);
}, 0);

/**
 * The contrast of two opaque colours, from 1 to 21.
 *
 * @param {Colour} one
 * @param {Colour} other
 */
export const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/**
 * The better of black and white on a colour, never below 4.58: at a luminance of 0.179 both have that.
 *
 * @param {Colour} ground
 */
export const ink = (ground) => luminance(ground) > 0.179 ? BLACK : WHITE;

/**
 * A mixture of two colours, rounded to whole bytes as on a screen.
 *
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} share of the second
 */
const mix = (from, to, share) => BLACK.map((_, part) => Math.round(255 * (from[part] + (to[part] - from[part]) * share)) / 255);

/**
 * The first colour between two that has at least this contrast with its background.
 *
 * @param {Colour} from
 * @param {Colour} to which has it
 * @param {Colour} ground
 * @param {number} least
 */
const reach = (from, to, ground, least) => {
  let share = 0;
  while (share < 1 && contrast(mix(from, to, share), ground) < least) share += 0.04;
  return mix(from, to, Math.min(share, 1));
};

/**
 * Sets readable colours for a survey, now and whenever the page's text colour changes. Returns a function that sets them
 * again.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 * @param {(look: Look) => string | undefined} [theme] chooses `data-theme` if the shop has not set it. Without this
 *   argument the survey uses the page's colours, or those of a theme over an image, a gradient or a translucent colour
 */
export const dress = (survey, frame, theme) => {
  const { host, root, script, set } = survey;
  const isFixed = /^(light|dark)$/.test(set.theme);
  // What the browser does not know as a colour is as if it were not set.
  /** @param {string} colour */
  const known = (colour) => CSS.supports('color', colour) && colour;
  const accent = known(set.accent) || known(getComputedStyle(host).getPropertyValue('--afterword-accent').trim());
  if (set.accent && !known(set.accent)) import('./say.js').then((say) => say.ignore('accent', set.accent)).catch(() => {});
  frame.style.setProperty('--afterword-fill', accent || 'currentColor');
  const probe = document.createElement('span');
  // The probe inherits the colour of the page's text. Because of its transition it dispatches an event as soon as that
  // colour begins to change, and another one 0.7 s later, when the page has faded to its new colours.
  probe.style.cssText = 'position:absolute;transition:color .7s';
  root.append(probe);

  /** @type {Look} */
  const look = {
    /** @param {string} colour in any syntax */
    read(colour) {
      probe.style.background = script.pixel ? colour : `color-mix(in srgb,${colour},${colour})`;
      const computed = getComputedStyle(probe).backgroundColor;
      return script.pixel?.(computed) || (computed.match(/-?[\d.]+(e-?\d+)?/g) || []).map(Number);
    },
    ground(element) {
      for (let at = element; at; at = at.assignedSlot || at.parentElement || /** @type {any} */ (at.getRootNode()).host) {
        const { backgroundColor, backgroundImage } = getComputedStyle(at);
        const [red, green, blue, opacity = 1] = look.read(backgroundColor);
        if (backgroundImage != 'none' || (opacity && opacity < 1)) return;
        if (opacity) return [red, green, blue];
      }
      // The browser's own canvas, in the scheme that the page has chosen.
      return look.read('Canvas');
    },
    isLight: (colour) => ink(colour) == BLACK,
  };

  const wear = () => {
    const own = () => look.read(getComputedStyle(frame).color);
    /** @param {string} name @param {Colour | false} colour the one to set; false: that of the style sheet */
    const put = (name, colour) => frame.style.setProperty(name, colour ? `rgb(${colour.map((part) => 255 * part)})` : '');
    put('color', false);
    if (!isFixed) frame.dataset.theme = theme?.(look) || '';
    let ground = look.ground(frame);
    if (!ground) {
      frame.dataset.theme = look.isLight(own()) ? 'dark' : 'light';
      ground = look.ground(frame) || WHITE;
    }
    const page = own();
    /** @param {Colour} colour */
    const opaque = (colour) => mix(ground, colour, colour[3] ?? 1);
    const text = reach(opaque(page), ink(ground), ground, TEXT);
    const edge = reach(mix(ground, text, 0.5), text, ground, EDGE);
    const colour = accent ? look.read(accent) : text;
    const fill = opaque(colour);
    // What shines through would depend on how the browser rounds.
    if (colour[3] < 1) put('--afterword-fill', fill);
    put('color', `${text}` != `${page}` && text);
    put('--afterword-edge', edge);
    put('--afterword-soft', reach(mix(ground, text, 0.75), text, ground, TEXT));
    put('--afterword-on-fill', ink(fill));
    put('--afterword-rim', contrast(fill, ground) < EDGE && edge);
  };
  probe.addEventListener('transitionrun', wear);
  probe.addEventListener('transitionend', wear);
  wear();
  return wear;
};

/**
 * The functions that the choice of a theme may use.
 *
 * @typedef Look
 * @property {(colour: string) => Colour} read
 * @property {(element: HTMLElement) => Colour | undefined} ground the background of an element: the colour of the nearest
 *   opaque element around it; undefined if there is an image, a gradient or a translucent colour before that
 * @property {(colour: Colour) => boolean} isLight whether black is easier to read on it than white
 */
