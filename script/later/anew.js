// @ts-check
// Asks about another order in the same element: a router may keep the element and only change `data-order-id`. Fetched
// when that happens.
import { readAll } from './settings.js';

/** @import { Host } from '../place.js' */
/** @import { Settings, Survey } from '../survey.js' */

/**
 * Starts an element anew. What its survey has not sent yet is sent first, since the element is moved to its own place:
 * it leaves the page and comes back as a new one, and a page that holds on to it keeps it.
 *
 * @param {HTMLElement} host
 * @param {Survey} [survey] its survey, if one was painted
 */
export const startAnew = (host, survey) => {
  if (survey) {
    const { attributes, root } = survey;
    if (!attributes.getNamedItem('hidden')) host.hidden = false;
    root.replaceChildren();
    root.adoptedStyleSheets = [];
    // An element keeps its first root for ever.
    host.attachShadow = () => root;
  }
  /** @type {Host} */ (host).started = undefined;
  host.parentNode?.insertBefore(host, host.nextSibling);
};

/**
 * Starts an element anew once it names another order than that of `set`.
 *
 * @param {HTMLElement} host
 * @param {Settings} set
 */
export const awaitAnotherOrder = (host, set) => {
  const observer = new MutationObserver(() => {
    const order = readAll(host.attributes).set['order-id'];
    if (!order || order == set['order-id']) return;
    observer.disconnect();
    startAnew(host);
  });
  observer.observe(host, { attributes: true });
};
