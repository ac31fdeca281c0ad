// @ts-check
// The addresses of the script's other files, and the functions that fetch them.
import { FOLDER } from 'built';
import { Promise } from './engine.js';
import { own } from 'own';
import { base } from './home.js';

/** @import { Script, Survey } from './survey.js' */

/**
 * If nothing names the folder, it is looked for beside the running script, for the self-check, which says so.
 *
 * @param {string} name
 */
const address = (name) => /** @type {any} */ (new URL(FOLDER + name, base || own?.src));

/**
 * Imports a module of `later/`, or if the folder is gone, again.js in its place, which lies beside the script.
 *
 * @param {string} name without `.js`
 * @returns {Promise<any>}
 */
export const later = async (name) => import(address(name + '.js')).catch(() => import(address('../again.js')));

/**
 * Calls `begin` of a file of `later/`, with a survey, its element, the functions of the script, or nothing. If that fails, the survey works without
 * the file.
 *
 * @param {string} name without `.js`
 * @param {Survey | HTMLElement | Script} [survey]
 */
export const begin = (name, survey) => later(name).then((file) => file.begin(survey)).catch(() => {});

/**
 * Fetches a JSON file. Rejects if that fails.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
export const get = async (name) => {
  const answer = await fetch(address(name));
  if (answer.ok) return answer.json();
  throw 0;
};

/**
 * Resolves once the page has loaded. Files that are not urgent are fetched after that, so that they do not compete
 * with the shop's own pictures.
 *
 * @type {Promise<void>}
 */
export const quiet = new Promise((resolve) => {
  document.readyState == 'complete' ? resolve() : addEventListener('load', /** @type {any} */ (resolve));
});
