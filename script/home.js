// @ts-check
// Where the script comes from: the folder that has everything else, and the tag, which is the survey's place.
import { own } from 'own';

/**
 * What may have brought the script: a tag, or a module, of which only the address is known.
 *
 * @typedef {Partial<HTMLScriptElement> & { dataset: DOMStringMap }} Bringer
 */

/**
 * The first that names the folder with data-base, or whose file has our name. A file of another name, such as one
 * that joins many scripts, does not lie beside ours. While the script runs as a module, or is evaluated by another
 * one, its tag is not known: then it is looked for in the page.
 *
 * Only scripts are asked: whoever can put them into the page needs no address of ours.
 */
export const tag = [own, .../** @type {Iterable<Bringer>} */ (document.querySelectorAll('script'))]
  .find((bringer) => bringer?.dataset.base || /\/afterword[^/]*js/.test(bringer?.src || ''));

/**
 * The folder of the script, which has everything else. Without it nothing can be shown.
 *
 * @type {URL}
 */
export let base;
try {
  const { src, dataset } = /** @type {Bringer} */ (tag);
  base = new URL(dataset.base?.replace(/\/*$/, '/') || '.', src || document.baseURI);
} catch {
  // Nothing names it, or not with an address.
}
