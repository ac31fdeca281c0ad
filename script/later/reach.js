// @ts-check
// What follows a score stays in reach: in a slide that cuts off what it has no room for, and above a phone's keyboard.
// A part of takeover.js, for surveys that stand in the page.

/** @import { Survey } from '../survey.js' */

/** The least height in which a cut-off survey is worth scrolling, in px. */
const LEAST = 160;
/** How far from an edge things are kept, in px. */
const MARGIN = 12;

/**
 * The lower edge of what is seen of a host, and the element that cuts off what is below: nothing, where all can be
 * scrolled to.
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
 * Keeps a survey's comment box and button in reach, from now on.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame
 */
export const keepReach = ({ host, root }, frame) => {
  let due = 0;
  const fit = () => {
    due = 0;
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
  const sizes = new ResizeObserver(() => due ||= requestAnimationFrame(fit));
  sizes.observe(frame);

  const lift = () => {
    const field = root.activeElement;
    const view = window.visualViewport;
    if (!view || field?.localName != 'textarea') return;
    // The button first: the box matters more.
    for (const it of [root.querySelector('.send'), field]) {
      if (!it) continue;
      const { style } = /** @type {HTMLElement} */ (it);
      style.scrollMarginBlock = `${view.offsetTop + MARGIN}px ${Math.max(0, innerHeight - view.offsetTop - view.height) + MARGIN}px`;
      it.scrollIntoView({ block: 'nearest', behavior: 'instant' });
      style.scrollMarginBlock = '';
    }
  };
  // Only while somebody is in the box.
  root.addEventListener('focusin', () => lifting = new WeakRef(lift));
  root.addEventListener('focusout', () => lifting = undefined);
};

/**
 * What lifts the box that has the focus. Held weakly: a survey that is removed with the focus in it goes.
 *
 * @type {WeakRef<() => void> | undefined}
 */
let lifting;

window.visualViewport?.addEventListener('resize', () => lifting?.deref()?.());
