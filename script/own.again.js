// @ts-check
// The origin of the script, in again.js: the file itself, which lies in the script's folder.

/** @import { Bringer } from './home.js' */

/** @type {Bringer} */
export const own = { src: import.meta.url, dataset: { base: '.' } };
