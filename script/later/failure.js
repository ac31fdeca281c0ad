// @ts-check
// Whether another attempt can help at a revision that the endpoint did not accept.
import { RETRYABLE } from 'built';

/**
 * Whether the endpoint has refused the revision for good, so that another attempt cannot help.
 *
 * @param {Response | null | undefined} answer
 */
export const isRefusal = (answer) => !!answer && !answer.ok && !RETRYABLE.test(`${answer.status}`);

/**
 * Has the console say that an answer was not accepted.
 *
 * @param {URL} endpoint
 * @param {Promise<Response | null> | Response | null | undefined} attempt the result of the last attempt
 */
export const notTaken = (endpoint, attempt) => import('./say.js').then((say) => say.notTaken(endpoint, attempt)).catch(() => {});
