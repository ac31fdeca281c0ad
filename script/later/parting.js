// @ts-check
// For browsers without `keepalive`: a message that is sent while the page closes is sent as a beacon. A beacon has no
// response, so the attempt counts as failed if the page is shown again.

let leaving = false;
addEventListener('pagehide', () => leaving = true, true);
addEventListener('pageshow', () => leaving = false, true);

/**
 * Replaces `fetch`; gets the request's body, too.
 *
 * @param {Request} request
 * @param {RequestInit} settings
 * @param {string} body
 * @returns {Promise<Response>}
 */
export const carry = (request, settings, body) => {
  if (!leaving) return fetch(request, settings);
  navigator.sendBeacon(request.url, new Blob([body], { type: request.headers.get('content-type') || '' }));
  return new Promise((_, reject) => addEventListener('pageshow', reject));
};
