// @ts-check
// The origin of the script, in afterword.mjs: its tag, or else a module that imports it.

/** @import { Bringer } from './home.js' */

/** @type {Bringer} */
export const own = [...document.scripts].find((script) => script.src == import.meta.url) || { src: import.meta.url, dataset: {} };
