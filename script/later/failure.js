// @ts-check

/**
 * Tells the console that an answer could not be sent.
 *
 * @param {URL} endpoint
 */
export const noAnswer = (endpoint) => console.warn(`afterword: no answer from ${endpoint} (CORS? connect-src?)`);
