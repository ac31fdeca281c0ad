// @ts-check

/**
 * Tells the console that an answer was not taken, and why: what the endpoint says, if it answered and says anything,
 * as the collector does in a problem document.
 *
 * @param {URL} endpoint
 * @param {Promise<Response | null> | Response | null | undefined} attempt the last
 */
export const notTaken = async (endpoint, attempt) => {
  /** @type {Response | null | undefined} */
  let answer;
  /** @type {{ title?: string, detail?: string }} */
  let problem = {};
  try {
    answer = await attempt;
    problem = await answer?.json() || {};
  } catch {
    // No answer, or not one that says more than its status.
  }
  console.warn(answer
    ? `afterword: ${endpoint} did not take the answer: ${[answer.status, problem.title, problem.detail].filter(Boolean).join('. ')}`
    : `afterword: no answer from ${endpoint} (CORS? connect-src?)`);
};
