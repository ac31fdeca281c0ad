// @ts-check
// The customer's link to the page of their own answer: its secret, and its address. A part of further.js.
//
// The endpoint gets only the secret's SHA-256, in `answer_page`. The secret itself is in the page alone: in no request, and
// in no storage.

/** @import { Survey } from '../survey.js' */

/** 32 random bytes, in base64url without padding. */
export const makeSecret = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
  .replaceAll('+', '-').replaceAll('/', '_').slice(0, 43);

/**
 * The SHA-256 of a secret's characters; undefined on pages without https, where browsers do not offer it.
 *
 * @param {string} secret
 */
export const hashOf = (secret) => crypto.subtle?.digest('SHA-256', new TextEncoder().encode(secret));

/**
 * A hash in small hexadecimal digits.
 *
 * @param {ArrayBuffer} hash
 */
export const hex = (hash) => [...new Uint8Array(hash)].map((byte) => (byte + 256).toString(16).slice(1)).join('');

/**
 * The address of the answer's page, once the answer has arrived: the one that the endpoint has named in its
 * acknowledgement, or else the one at the collector. Only a web address becomes a link.
 *
 * @param {Survey} survey
 * @param {string} secret
 * @param {any} acknowledgement what the endpoint has sent as JSON
 * @param {string} [mark] the secret's mark, if the endpoint has it
 * @returns {string | undefined | false} undefined or false if there is no such address
 */
export const pageOf = ({ endpoint }, secret, acknowledgement, mark) => /^https?:\/\//.test(acknowledgement?.answer_page)
  ? acknowledgement.answer_page
  : mark && /\/v1\/responses$/.test(endpoint.pathname) && new URL('../r/' + secret, endpoint).href;
