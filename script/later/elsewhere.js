// @ts-check
// Finds a place for a survey whose tag is not visible: in the head, in a hidden element, or no longer in the page.
import { emit } from '../events.js';

/** @import { Host } from '../place.js' */

/**
 * Places a survey that stands over the page anywhere, and any other beside its tag. If the tag has no visible place, a line in the console
 * says what to paste, unless the page itself places a survey before it has loaded.
 *
 * @param {Host} host
 * @param {HTMLScriptElement} tag
 * @param {Promise<void>} quiet
 */
export const place = async (host, tag, quiet) => {
  const { body, head } = document;
  if (/^(corner|banner|dialog|tab|manual)$/.test(tag.dataset.mode || '')) return (body || document.documentElement).append(host);
  if (tag.isConnected && tag.parentElement != head) return tag.after(host);
  await quiet;
  if (document.querySelector(host.localName)) return;
  console.warn(`afterword: the script has no place in the page where the question can stand. Put <${host.localName}></${host.localName}> there, or the script's tag itself, or give the tag data-mode="corner"`);
  emit(document, 'failed', { reason: 'place' });
};
