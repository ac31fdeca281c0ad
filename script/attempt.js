// @ts-check
// One attempt to send a message, for the painted form and the widget. Only this file decides whether a response
// comes from the endpoint. docs/internals/RELIABILITY.md has the table.
import { DEADLINE } from 'built';
import { Promise } from './engine.js';
import { script } from './survey.js';

/** @import { Attempting, Carrier } from './survey.js' */

/**
 * Makes one attempt. Resolves with the endpoint's response, whatever its status. Rejects if there was no response, or
 * one that cannot come from the endpoint.
 *
 * @param {Attempting} survey
 * @param {Request} request
 * @param {BodyInit} body the request's body
 * @returns {Promise<Response>}
 */
export const attempt = async (survey, request, body) => {
  const text = body + '';
  const kept = survey.keep?.(survey.id, request, text);
  const answer = await /** @type {Promise<Response>} */ (new Promise((resolve, reject) => {
    survey.abandon = reject;
    /** @type {Carrier} */ (script.carrier || fetch)(request, {
      signal: AbortSignal.timeout?.(DEADLINE),
      // Most browsers turn a redirected POST into a GET, so the response would not come from the endpoint.
      redirect: 'error',
      // Browsers keep requests of up to 64 KB alive, and a character takes up to three bytes. The option is here
      // and not in the request, because Firefox ignores it there.
      keepalive: text.length < 2e4,
    }, text).then(async (answer) => {
      // A captive portal answers with 200 and a page.
      if (answer.ok && /html/.test(/** @type {string} */ (answer.headers.get('content-type')))) {
        // When the page begins to leave, WebKit ends the body of a response as if it were complete. The listener
        // stays no longer than that, because with one Firefox does not keep the page for the way back.
        addEventListener('beforeunload', reject);
        const page = await answer.text().finally(() => removeEventListener('beforeunload', reject));
        if (/</.test(page)) throw 0;
      }
      resolve(survey.reply = answer);
    }).catch(reject);
  }));
  kept?.(answer);
  return answer;
};
