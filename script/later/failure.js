// @ts-check
// Handles a revision that the endpoint did not accept: whether another attempt can help, and the line in the console.
import { RETRYABLE } from 'built';

/** The largest part of a response's text in the console, in characters. */
const MAX_SAID = 300;

/**
 * Whether the endpoint has refused the revision for good, so that another attempt cannot help.
 *
 * @param {Response | null | undefined} answer
 */
export const isRefusal = (answer) => !!answer && !answer.ok && !RETRYABLE.test(`${answer.status}`);

/**
 * The endpoint's reason: title and detail of a problem document, such as the collector's, or else the text on one line.
 *
 * @param {string} text
 */
const said = (text) => {
  try {
    const { title, detail } = JSON.parse(text);
    if (title) return [title, detail].filter(Boolean).join('. ');
  } catch {
    // It is not a problem document.
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_SAID);
};

/**
 * Writes to the console that an answer was not accepted, with the endpoint's status and reason if it responded.
 *
 * @param {URL} endpoint
 * @param {Promise<Response | null> | Response | null | undefined} attempt the result of the last attempt
 */
export const notTaken = async (endpoint, attempt) => {
  /** @type {Response | null | undefined} */
  let answer;
  let text = '';
  try {
    answer = await attempt;
    text = await answer?.text() || '';
  } catch {
    // There was no response, or its body could not be read.
  }
  console.warn(answer
    ? `afterword: ${endpoint} did not take the answer: ${[answer.status, said(text)].filter(Boolean).join('. ')}`
    : `afterword: no answer from ${endpoint} (CORS? connect-src?)`);
};
