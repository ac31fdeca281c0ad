// @ts-check
// What is made of an answer that the endpoint did not take: whether trying again helps, and what the console is told.
import { RETRYABLE } from 'built';

/** How much of an answer's text the console is told, in characters. */
const MAX_SAID = 300;

/**
 * Whether it is of no use to send the same once more.
 *
 * @param {Response | null | undefined} answer
 */
export const isRefusal = (answer) => !!answer && !answer.ok && !RETRYABLE.test(`${answer.status}`);

/**
 * What an endpoint says: what a problem document has in words, as the collector's, or else the text, on one line.
 *
 * @param {string} text
 */
const said = (text) => {
  try {
    const { title, detail } = JSON.parse(text);
    if (title) return [title, detail].filter(Boolean).join('. ');
  } catch {
    // No document.
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_SAID);
};

/**
 * Tells the console that an answer was not taken, and why: what the endpoint says, if it answered and says anything.
 *
 * @param {URL} endpoint
 * @param {Promise<Response | null> | Response | null | undefined} attempt the last
 */
export const notTaken = async (endpoint, attempt) => {
  /** @type {Response | null | undefined} */
  let answer;
  let text = '';
  try {
    answer = await attempt;
    text = await answer?.text() || '';
  } catch {
    // No answer, or not one that says more than its status.
  }
  console.warn(answer
    ? `afterword: ${endpoint} did not take the answer: ${[answer.status, said(text)].filter(Boolean).join('. ')}`
    : `afterword: no answer from ${endpoint} (CORS? connect-src?)`);
};
