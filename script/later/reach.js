// @ts-check
// Keeps the comment box and the button visible: in a slide that cuts off its overflow, and above a phone's keyboard.
// A part of inline.js.

/** @import { Survey } from '../survey.js' */

/** The smallest height in which a cut-off survey scrolls, in px. */
const LEAST = 160;
/** The distance from an edge, in px. */
const MARGIN = 12;

/**
 * The lower edge of the visible part of a host, and the element that cuts off the rest. Infinity and no element if the
 * customer can scroll to everything.
 *
 * @param {HTMLElement} host
 * @returns {[number, HTMLElement?]}
 */
const cut = (host) => {
  /** @type {[number, HTMLElement?]} */
  let edge = [Infinity];
  for (let at = /** @type {any} */ (host); at && at != document.body; at = at.assignedSlot || at.parentElement || at.getRootNode().host) {
    const { overflowY, position } = getComputedStyle(at);
    if (/auto|scroll/.test(overflowY)) break;
    const { bottom } = at.getBoundingClientRect();
    if (/hidden|clip/.test(overflowY) && bottom < edge[0]) edge = [bottom, at];
    if (position == 'fixed') {
      if (innerHeight < edge[0]) edge = [innerHeight, at];
      break;
    }
  }
  return edge;
};

/**
 * Starts keeping a survey's comment box and button visible.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 */
export const keepReach = ({ host, root }, frame) => {
  const fit = () => {
    const { scrollTop, style } = frame;
    style.maxHeight = style.overflowY = '';
    const [edge, element] = cut(host);
    const { top, bottom } = frame.getBoundingClientRect();
    if (element) sizes.observe(element);
    if (bottom > edge + 1 && edge - top >= LEAST) {
      style.maxHeight = edge - top + 'px';
      style.overflowY = 'auto';
      frame.scrollTop = scrollTop;
    }
  };
  const sizes = new ResizeObserver(() => requestAnimationFrame(fit));
  sizes.observe(frame);

  const lift = () => {
    const field = root.activeElement;
    const view = /** @type {VisualViewport} */ (visualViewport);
    if (field?.localName != 'textarea') return;
    // The box comes last, because it matters more.
    for (const it of [root.querySelector('.send'), field]) {
      if (!it) continue;
      const { style } = /** @type {HTMLElement} */ (it);
      style.scrollMarginBlock = `${view.offsetTop + MARGIN}px ${Math.max(0, innerHeight - view.offsetTop - view.height) + MARGIN}px`;
      it.scrollIntoView({ block: 'nearest', behavior: 'instant' });
      style.scrollMarginBlock = '';
    }
  };
  // Only while the survey has the focus.
  root.addEventListener('focusin', () => lifting = new WeakRef(lift));
  root.addEventListener('focusout', () => lifting = undefined);
};

/**
 * The function that scrolls the box with the focus into view. A weak reference, so that a survey that is removed with the
 * focus in it can be freed.
 *
 * @type {WeakRef<() => void> | undefined}
 */
let lifting;

visualViewport?.addEventListener('resize', () => lifting?.deref()?.());
