// @ts-check
// What the shop set: the `data-*` attributes of a survey. What they allow stands in one table, src/attributes.rs,
// of which the build makes the rules; what is done with them is told there, too.
import { MAX_IN_FAMILY, MEMBER } from 'built';

/** @import { Rules, Settings } from './survey.js' */

/**
 * The items of a list: the strings of a JSON array, or else what stands between commas.
 *
 * @param {string} value
 * @returns {string[]}
 */
export const split = (value) => {
  let items;
  try {
    items = JSON.parse(value).map((/** @type {string} */ item) => item.trim());
  } catch {
    // Not JSON, not an array, or not only strings in it.
    items = value.split(',').map((item) => item.trim());
  }
  return items.filter((/** @type {string} */ item) => item);
};

/**
 * Reads attributes.
 *
 * A name of one word for which there is no rule is taken as it stands: afterword.js has no rules for what it
 * only compares with a word. Any other name without a rule is not ours.
 *
 * Where a value is not allowed, the setting `wrong` is true.
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
    else if (rule && trimmed) set.wrong = true;
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
 * The settings whose names begin so, as members of an object, by the rest of their names. If there are none and no
 * object is given, nothing.
 *
 * @param {Settings} set
 * @param {string} prefix
 * @param {Record<string, any>} [object]
 */
export const group = (set, prefix, object) => {
  for (const name of members(set, prefix).slice(0, MAX_IN_FAMILY)) (object ||= {})[name.slice(prefix.length)] = set[name];
  return object;
};
