// @ts-check
// In vertical writing, CSS gives the survey the width of the window, whatever stands around it or beside it: a percentage of a
// width that depends on the content counts for nothing, and what is horizontal in vertical text is as wide as the window at most.
// So the page, or the nearest part of it with horizontal text, would become too wide. A part of inline.js.

/** @import { Survey } from '../survey.js' */

/**
 * Makes the survey as narrow as it has to be, but not narrower than the scale.
 *
 * @param {Survey} survey
 */
export const keepNarrow = ({ host }) => {
  const { style, parentElement } = host;
  let box = parentElement;
  while (box && getComputedStyle(box).writingMode[0] != 'h') box = box.parentElement;
  if (box == parentElement) return;
  const own = style.maxWidth;
  const fit = () => {
    style.maxWidth = own;
    const { scrollWidth, clientWidth } = box || document.documentElement;
    if (scrollWidth > clientWidth) style.maxWidth = `max(264px,${host.offsetWidth - scrollWidth + clientWidth}px)`;
    // Once, so that a survey that was removed can be freed.
    if (host.isConnected) addEventListener('resize', fit, { once: true });
  };
  fit();
};
