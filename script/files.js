// @ts-check
// The files beside the script: where they are, and how they are fetched.
import { FOLDER } from 'built';
import { Promise } from './engine.js';
import { base } from './home.js';

/** @import { Survey } from './survey.js' */

/** @param {string} name */
const address = (name) => /** @type {any} */ (new URL(FOLDER + name, base));

/**
 * A module of `later/`, without `.js` in its name.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
export const later = async (name) => import(address(name + '.js'));

/**
 * Has a file of `later/` that works by itself begin, with a survey, its element, or nothing. If it cannot, all goes on without.
 *
 * @param {string} name without `.js`
 * @param {Survey | HTMLElement} [survey]
 */
export const begin = (name, survey) => later(name).then((file) => file.begin(survey)).catch(() => {});

/**
 * A file that is not a module. Rejects if it cannot be had.
 *
 * @param {string} name
 * @returns {Promise<Response>}
 */
export const get = async (name) => {
  const answer = await fetch(address(name));
  if (answer.ok) return answer;
  throw 0;
};

/**
 * Resolves once the page has loaded. Files that nobody waits for are fetched after that: they must not compete
 * with the shop's own pictures.
 *
 * @type {Promise<void>}
 */
export const quiet = new Promise((resolve) => {
  document.readyState == 'complete' ? resolve() : addEventListener('load', /** @type {any} */ (resolve));
});
