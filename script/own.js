// @ts-check
// What brought the script, as the classic file knows it. In afterword.mjs, own.module.js has its place.

/** @import { Bringer } from './home.js' */

/** @type {Bringer | null} */
export const own = /** @type {any} */ (document.currentScript);
