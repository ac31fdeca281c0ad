// @ts-check
// Gives the place back that the page keeps free for the question, and that which the comment had, once the customer is
// thanked: the thanks need much less. Fetched where the survey stands in the page and has a comment box.
//
// What stands below moves up then. Within half a second of an input nobody is surprised, and browsers do not count it as a
// layout shift; so if the thanks come later, they wait for the next input, or until the survey is out of view.

/** @import { Survey } from '../survey.js' */

/** How long after an input the page may move, in milliseconds: browsers allow 500, and then it has to be drawn. */
const RECENT = 400;

/** @type {WeakSet<Survey>} */
const begun = new WeakSet();

/** @param {Survey} survey */
export const begin = (survey) => {
  if (begun.has(survey)) return;
  begun.add(survey);
  const { host, root } = survey;
  const { style } = host;
  let pressed = -RECENT;
  const press = () => pressed = performance.now();
  const isRecent = () => performance.now() - pressed < RECENT;
  // A finger's press comes when it is lifted.
  for (const type of ['mousedown', 'keydown']) root.addEventListener(type, press);

  host.addEventListener('afterword:submitted', () => {
    survey.reserved = style.minHeight;
    const controller = new AbortController();
    const options = { signal: controller.signal, capture: true, passive: true };
    const view = new IntersectionObserver((entries) => {
      const { isIntersecting, boundingClientRect } = entries[entries.length - 1];
      // Above the view, only some browsers keep in its place what is in view.
      if (!isIntersecting && (boundingClientRect.top > 0 || CSS.supports('overflow-anchor:auto'))) give();
    });
    const give = () => {
      controller.abort();
      view.disconnect();
      style.minHeight = '0';
    };
    if (isRecent()) return give();
    // With or without its own padding, as the page's style counts.
    style.minHeight = getComputedStyle(host).height;
    for (const type of ['mousedown', 'keydown']) addEventListener(type, press, options);
    // Not when the button goes down: what is pressed must not move away before it comes up.
    for (const type of ['click', 'keyup']) addEventListener(type, () => isRecent() && give(), options);
    view.observe(host);
  }, { once: true });
};
