// @ts-check
// What follows Send. Fetched at the first score, since after it there may be no connection.
//
// A failure: its sentence and the button to try again come into view, and a device that is offline says so.
//
// The thanks: the place that the page keeps free for the question is given back, since they need much less. What stands below
// moves up then. Within half a second of an input nobody is surprised, and browsers do not count it as a
// layout shift; so if the thanks come later, they wait for the next input, or until the survey is out of view.
//
// The element's own `style` stays as the page wrote it. A sheet in the root overrules it, and leaves with the root's other
// sheets when the element asks about another order (anew.js): then the place is there again.

/** @import { Survey } from '../survey.js' */

/** How long after an input the page may move, in milliseconds: browsers allow 500, and then it has to be drawn. */
const RECENT = 400;
/** What browsers count as an input. A finger's press comes when it is lifted. */
const PRESSES = ['mousedown', 'keydown'];

/** An attribute in the place of a text: what is in the paragraph belongs to the painted form or to the widget. */
const STYLE = '.failed:before{content:attr(data-offline);display:block}.status{scroll-margin:1em}';

/** @type {WeakSet<HTMLElement>} */
const begun = new WeakSet();

/** @param {Survey} survey */
export const begin = (survey) => {
  const { host, root, script } = survey;
  script.adopt(root, STYLE);
  if (begun.has(host)) return;
  begun.add(host);

  // The status region is the form's last element, below the button, and holds the thanks. As the form leaves, Chromium keeps
  // in its place on the screen what stays of it, so that the thanks may stand below the edge.
  const reveal = () => setTimeout(() => {
    const { top, bottom } = host.getBoundingClientRect();
    // Who reads something else by now stays there.
    if (bottom > 0 && top < innerHeight) /** @type {HTMLElement} */ (root.querySelector('.status')).scrollIntoView({ block: 'nearest' });
  });
  host.addEventListener('afterword:failed', () => {
    const failed = /** @type {HTMLElement | null} */ (root.querySelector('.failed'));
    if (!failed) return;
    // Before the sentence, so that both are read out as one.
    failed.dataset.offline = navigator.onLine ? '' : survey.words['_offline'];
    reveal();
  });

  let pressed = -RECENT;
  const press = () => pressed = performance.now();
  const isRecent = () => performance.now() - pressed < RECENT;
  for (const type of PRESSES) root.addEventListener(type, press);

  host.addEventListener('afterword:submitted', () => {
    reveal();
    const { minHeight, height } = getComputedStyle(host);
    // The page keeps no place free.
    if (!(parseFloat(minHeight) > 0)) return;
    /** @param {string} least */
    const write = (least) => `:host{min-height:${least}!important}`;
    if (isRecent()) return script.adopt(root, write('0'));
    // With or without its own padding, as the page's style counts.
    script.adopt(root, write(height));
    const kept = /** @type {CSSStyleSheet} */ (root.adoptedStyleSheets.at(-1));
    const controller = new AbortController();
    const options = { signal: controller.signal, capture: true };
    const give = () => {
      controller.abort();
      view.disconnect();
      // Another survey may have begun in the same root (anew.js), which is then without this sheet. The later sheet applies.
      if (root.adoptedStyleSheets.includes(kept)) script.adopt(root, write('0'));
    };
    const view = new IntersectionObserver((entries) => {
      const { isIntersecting, boundingClientRect } = /** @type {IntersectionObserverEntry} */ (entries.at(-1));
      // Above the view, only some browsers keep in its place what is in view. One that was removed waits for nothing.
      if (!host.isConnected || !isIntersecting && (boundingClientRect.top > 0 || 'overflowAnchor' in host.style)) give();
    });
    for (const type of PRESSES) addEventListener(type, press, options);
    // Not when the button goes down: what is pressed must not move away before it comes up.
    for (const type of ['click', 'keyup']) addEventListener(type, () => isRecent() && give(), options);
    view.observe(host);
  });
};
