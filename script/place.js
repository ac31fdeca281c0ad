// @ts-check
// The place of a tag's survey.
import { surveys } from './events.js';
import { later, quiet } from './files.js';

/** The element's name. */
export const NAME = 'afterword-survey';

/**
 * @typedef {HTMLElement & { isPlaced?: HTMLScriptElement, started?: Promise<Survey | void>, skipped?: string }} Host
 *   the tag that has placed it, if one has; its survey, once that is shown; why later/when.js does not show it
 */

/** @import { Survey } from './survey.js' */

/**
 * Puts a tag's survey where the tag stands. Not where the page has placed a survey itself, nor twice.
 *
 * @param {HTMLScriptElement} tag
 */
export const place = (tag) => {
  const hosts = /** @type {Iterable<Host>} */ (document.querySelectorAll(NAME));
  if ([...hosts].some((host) => !host.isPlaced || host.dataset.survey == tag.dataset.survey)) return;
  const host = /** @type {Host} */ (document.createElement(NAME));
  host.isPlaced = tag;
  // Copies: `setAttribute` refuses some names that a page can have.
  for (const own of tag.attributes) if (own.name.startsWith('data-')) host.setAttributeNode(/** @type {Attr} */ (own.cloneNode()));
  // What the page calls while a place is searched is meant for it, too.
  surveys.add(host);
  // The head, and what is hidden, have no boxes.
  tag.parentElement?.getClientRects()[0] ? tag.after(host) : later('elsewhere').then((room) => room.place(host, tag, quiet));
};
