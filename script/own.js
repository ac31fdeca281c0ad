// @ts-check
// The origin of the script, in the classic file. afterword.mjs has own.module.js in its place.

/** @import { Bringer } from './home.js' */

/** @type {Bringer | null} */
export const own = /** @type {any} */ (document.currentScript);
