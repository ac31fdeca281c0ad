// @ts-check
// For browsers that cannot keep a request alive (`keepalive`): what is sent while the page goes away is
// sent as a beacon. Nothing is heard of it, so that it counts as failed if the page comes back.

let leaving = false;
addEventListener('pagehide', () => leaving = true, true);
addEventListener('pageshow', () => leaving = false, true);

/**
 * In the place of `fetch`, with the request's body.
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
