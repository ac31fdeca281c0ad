// @ts-check
// Finds the script's tag, which is the survey's place, and the folder that has all other files.
import { own } from 'own';

/**
 * The origin of the script: a tag, or a module, of which only the address is known.
 *
 * @typedef {Partial<HTMLScriptElement> & { dataset: DOMStringMap }} Bringer
 */

/**
 * The first script that names the folder with data-base, or whose file has our name. A file of another name, such as
 * a bundle of many scripts, does not lie beside ours. If the script runs as a module, or is evaluated by another
 * script, its tag is unknown and searched in the page.
 *
 * Only script elements count: an attacker who can insert those does not need ours.
 */
export const tag = [own, .../** @type {Iterable<Bringer>} */ (document.querySelectorAll('script'))]
  .find((bringer) => bringer?.dataset.base || /\/afterword[^/]*js/.test(bringer?.src || ''));

/**
 * The folder of the script, which has all other files. Without it nothing can be shown.
 *
 * @type {URL}
 */
export let base;
try {
  const { src, dataset } = /** @type {Bringer} */ (tag);
  base = new URL(dataset.base?.replace(/\/*$/, '/') || '.', src || document.baseURI);
} catch {
  // No script names it, or its name is no address.
}
