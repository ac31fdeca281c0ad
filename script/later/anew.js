// @ts-check
// Asks about another order in the same element: a router may keep the element and only change `data-order-id`. Fetched
// when that happens, or a question has ended on this page.
import { isOn } from '../attributes.js';
import { readAll } from './settings.js';

/** @import { AfterwordSkipReason } from '../afterword' */
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
 * Lets an element rest whose question has ended on this page, until it names another order than that of `set`. The check and
 * the console say why, as they do for what later/when.js decides.
 *
 * @param {Host} host
 * @param {Settings} set
 * @param {AfterwordSkipReason} reason
 */
export const rest = (host, set, reason) => {
  host.skipped = reason;
  if (isOn(set.debug)) import('./say.js').then((say) => say.skipped(set.survey, reason)).catch(() => {});
  const observer = new MutationObserver(() => {
    const order = readAll(host.attributes).set['order-id'];
    if (!order || order == set['order-id']) return;
    observer.disconnect();
    startAnew(host);
  });
  observer.observe(host, { attributes: true });
};
