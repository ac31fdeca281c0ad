// @ts-check
// What brought the script, as afterword.mjs knows it: its tag, or else a module that imports it.

/** @import { Bringer } from './home.js' */

/** @type {Bringer} */
export const own = [...document.scripts].find((script) => script.src == import.meta.url) || { src: import.meta.url, dataset: {} };
