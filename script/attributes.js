// @ts-check
// Reads the shop's settings: the `data-*` attributes of a survey. src/attributes.rs has the one table of attributes,
// from which the build makes the rules, and the steps in which they are read.
import { MAX_IN_FAMILY, MEMBER } from 'built';

/** @import { Rules, Settings } from './survey.js' */

/**
 * The items of a list: the strings of a JSON array, or else the parts between commas.
 *
 * @param {string} value
 * @returns {string[]}
 */
export const split = (value) => {
  let items;
  try {
    items = JSON.parse(value).map((/** @type {string} */ item) => item.trim());
  } catch {
    // Not JSON, no array, or not only strings.
    items = value.split(',').map((item) => item.trim());
  }
  return items.filter((/** @type {string} */ item) => item);
};

/**
 * Reads attributes.
 *
 * A name of one word without a rule is taken unchecked: afterword.js has no rules for values that it only compares
 * with a word. Any other name without a rule is not ours.
 *
 * @param {Iterable<{ name: string, value: string }>} attributes
 * @param {Rules} rules
 */
export const read = (attributes, rules) => {
  /** @type {Settings} */
  const set = {};
  for (const { name, value } of attributes) {
    if (!name.startsWith('data-')) continue;
    const short = name.slice(5);
    /** @type {any} */
    const rule = rules[short] || rules[short.replace(MEMBER, '/')];
    const trimmed = value.trim();
    const kept = rule?.[1] ? split(trimmed).filter((item) => rule[0].test(item)).slice(0, rule[1])
      : rule ? rule.exec(trimmed)?.[0]
      : /-/.test(short) ? undefined : trimmed;
    if (kept?.[0] || kept === '') set[short] = kept;
  }
  return set;
};

/**
 * Whether a switch is on.
 *
 * @param {any} value
 */
export const isOn = (value) => /^(true)?$/.test(value);

/**
 * The names of the settings that begin so.
 *
 * @param {Settings} set
 * @param {string} prefix
 */
export const members = (set, prefix) => Object.keys(set).filter((name) => name.startsWith(prefix));

/**
 * Collects the settings whose names begin with `prefix` in an object, by the rest of their names. Returns `undefined`
 * if there are none and no object is given.
 *
 * @param {Settings} set
 * @param {string} prefix
 * @param {Record<string, any>} [object]
 */
export const group = (set, prefix, object) => {
  // As `members`, which only later files call: written out, the script of the heaviest languages is smaller.
  for (const name of Object.keys(set).filter((name) => name.startsWith(prefix)).slice(0, MAX_IN_FAMILY)) (object ||= {})[name.slice(prefix.length)] = set[name];
  return object;
};
