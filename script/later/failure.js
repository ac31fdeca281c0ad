// @ts-check
import { RETRYABLE } from 'built';

/** How much of an answer's body the console is told, in characters. */
const MAX_BODY = 300;

/**
 * Whether it is of no use to send the same once more.
 *
 * @param {Response | null | undefined} answer
 */
export const isRefusal = (answer) => !!answer && !answer.ok && !RETRYABLE.test(`${answer.status}`);

/**
 * Tells the console why an answer could not be sent: what the endpoint has said, if it has.
 *
 * @param {URL} endpoint
 * @param {Response | null | undefined} answer of the last attempt
 */
export const noAnswer = async (endpoint, answer) => {
  if (!answer) return console.warn(`afterword: no answer from ${endpoint} (CORS? connect-src?)`);
  const body = answer.bodyUsed ? '' : await answer.text().catch(() => '');
  // On one line.
  const said = body.replace(/\s+/g, ' ').trim().slice(0, MAX_BODY);
  console.warn(`afterword: ${endpoint} answered ${answer.status}${said && `: ${said}`}`);
};
