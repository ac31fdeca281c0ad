// @ts-check
// Puts a survey back that a tag has placed and that something removed from the page right after: a framework that
// hydrates the part of the page around the tag removes elements that it does not know.

/** @import { Host } from '../place.js' */

/** The longest time between painting and removal, in ms. The page intends a later removal. */
const HYDRATION = 5000;

/**
 * The surveys that were put back. Each is put back only once, because the page intends a second removal.
 *
 * @type {WeakSet<Host>}
 */
const back = new WeakSet();

/** Whether the page still has the address with which it was loaded. */
const isAtHome = () => performance.getEntriesByType('navigation')[0]?.name.split('#')[0] == location.href.split('#')[0];

/**
 * Puts a survey back that was removed right after it was painted, unless the page's address has changed or the page now
 * contains another element for this survey.
 *
 * @param {Host} host
 */
export const begin = async (host) => {
  const { isPlaced: tag, started } = host;
  const removed = Date.now();
  const survey = await started;
  // The framework may insert the tag again, which takes it some tasks.
  await new Promise((then) => setTimeout(then, 100));
  if (!tag || !survey || back.has(host) || host.isConnected || host.hasAttribute('hidden') || !isAtHome()) return;
  if (removed - Date.parse(survey.shown_at) > HYDRATION) return;
  const others = /** @type {NodeListOf<Host>} */ (document.querySelectorAll(host.localName));
  if ([...others].some((other) => !other.isPlaced || other.dataset.survey == host.dataset.survey)) return;
  back.add(host);
  const place = tag.isConnected ? tag : [...document.scripts].find(({ src }) => src && src == tag.src);
  if (place && place.parentElement != document.head) place.after(host);
  else (document.querySelector('main') || document.body).append(host);
};
