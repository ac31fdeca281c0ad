// @ts-check
// The way back of a survey that a tag has placed, where something has taken it out of the page right after: a
// framework that hydrates the part of the page in which the tag stands takes out what it does not know.

/** @import { Host } from '../place.js' */

/** How long after painting that may be, in ms. Later it is the page's own wish. */
const HYDRATION = 5000;

/**
 * Those that have come back. Each does once: whoever takes one out twice means it.
 *
 * @type {WeakSet<Host>}
 */
const back = new WeakSet();

/** Whether the page still has the address that it was loaded under. */
const isAtHome = () => performance.getEntriesByType('navigation')[0]?.name.split('#')[0] == location.href.split('#')[0];

/**
 * Puts a survey back that was taken out of the page right after it was painted, unless the page has gone on or has
 * another one of it meanwhile.
 *
 * @param {Host} host
 */
export const begin = async (host) => {
  const { isPlaced: tag, started } = host;
  const removed = Date.now();
  const survey = await started;
  // What has taken it out may put a tag in, too, and does so in its next turns.
  await new Promise((then) => setTimeout(then, 100));
  if (!tag || !survey || back.has(host) || host.isConnected || host.hidden || !isAtHome()) return;
  if (removed - Date.parse(survey.shown_at) > HYDRATION) return;
  const others = /** @type {NodeListOf<Host>} */ (document.querySelectorAll(host.localName));
  if ([...others].some((other) => !other.isPlaced || other.dataset.survey == host.dataset.survey)) return;
  back.add(host);
  const place = tag.isConnected ? tag : [...document.scripts].find(({ src }) => src && src == tag.src);
  if (place && place.parentElement != document.head) place.after(host);
  else (document.querySelector('main') || document.body).append(host);
};
