// @ts-check
// One attempt at sending, the painted form's or the widget's: the only place that decides what is an answer of
// the endpoint. docs/RELIABILITY.md has the table.
import { DEADLINE } from 'built';
import { Promise } from './engine.js';
import { later } from './files.js';

/** @import { Attempting } from './survey.js' */

/** @type {(request: Request, init: RequestInit, body: string) => Promise<Response>} */
let carry = (request, init) => fetch(request, init);
// Browsers that cannot keep a request alive can at least send a beacon.
if (!('keepalive' in Request.prototype)) later('parting').then((parting) => carry = parting.carry, () => {});

/**
 * Makes one attempt. Rejects if nothing came back that can be the endpoint's answer, of whatever status.
 *
 * @param {Attempting} survey
 * @param {Request} request
 * @param {BodyInit} body the request's body
 * @returns {Promise<Response>}
 */
export const attempt = async (survey, request, body) => {
  const text = body + '';
  const kept = survey.keep?.(survey.id, request, text);
  const answer = await Promise.race([
    carry(request, {
      signal: AbortSignal.timeout?.(DEADLINE),
      // A redirected POST becomes a GET in most browsers: what answers then is not the endpoint.
      redirect: 'error',
      // Browsers keep 64 KB alive, and a character takes up to three bytes. Said here and not in the request,
      // since Firefox forgets it there.
      keepalive: text.length < 2e4,
    }, text).then(async (answer) => {
      // A captive portal says 200 and shows a page.
      if (answer.ok && /html/.test(/** @type {string} */ (answer.headers.get('content-type')))) {
        survey.reading = true;
        if (/</.test(await answer.text())) throw 0;
        // WebKit ends the body of an answer that is cut off as the page leaves. Then the page is gone now, or
        // has abandoned this attempt.
        await new Promise((resolve) => setTimeout(resolve, 99));
      }
      return answer;
    }),
    /** @type {Promise<Response>} */ (new Promise((_, reject) => survey.abandon = reject)),
  ]);
  kept?.(answer.status);
  return answer;
};
