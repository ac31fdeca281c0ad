// @ts-check
// The place of a survey whose tag stands where nothing is seen: in the head, in something hidden, nowhere any more.
import { emit } from '../events.js';

/** @import { Host } from '../place.js' */

/**
 * Places a card anywhere, and any other survey beside its tag. If there is no such place, the console is told what to
 * paste, unless the page places a survey itself until it has loaded.
 *
 * @param {Host} host
 * @param {HTMLScriptElement} tag
 * @param {Promise<void>} quiet
 */
export const place = async (host, tag, quiet) => {
  const { body, head } = document;
  if (tag.dataset.mode == 'corner') return (body || document.documentElement).append(host);
  if (tag.isConnected && tag.parentElement != head) return tag.after(host);
  await quiet;
  if (document.querySelector(host.localName)) return;
  console.warn(`afterword: the script has no place in the page where the question can stand. Put <${host.localName}></${host.localName}> there, or the script's tag itself, or give the tag data-mode="corner"`);
  emit(document, 'failed', { reason: 'place' });
};
