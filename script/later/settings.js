// @ts-check
// Reads all attributes by all rules, for the widget and for later/form.js. afterword.js itself has rules only for the
// attributes that it uses.
import { DEFAULTS, MAX_IN_FAMILY, MAX_PAGE, RULES } from 'built';
import { withoutSecrets } from '../address.js';
import { members, read, split } from '../attributes.js';
import { build } from '../markup.js';

/** @import { Settings, Survey } from '../survey.js' */

/**
 * An attribute that was not taken unchanged.
 *
 * @typedef Fault
 * @property {string} name without `data-`
 * @property {string} value as it stands, trimmed
 * @property {string | string[]} [kept] the part that was taken
 */

/**
 * The name of an attribute in the table, if it is there.
 *
 * @param {string} name
 */
export const entry = (name) => [name, name.replace(/-.*/s, '/')].find((name) => RULES[name]);

/**
 * Reads attributes by all rules.
 *
 * @param {Iterable<{ name: string, value: string }>} attributes
 * @returns {{ set: Settings, faults: Fault[] }}
 */
export const readAll = (attributes) => {
  const set = read(attributes, RULES);
  for (const name in set) if (!entry(name)) delete set[name];
  for (const family in RULES) {
    if (!family.endsWith('/')) continue;
    for (const name of members(set, family.replace('/', '-')).slice(MAX_IN_FAMILY)) delete set[name];
  }
  const faults = [];
  for (const attribute of attributes) {
    const name = attribute.name.slice('data-'.length);
    const value = attribute.value.trim();
    const rule = attribute.name.startsWith('data-') && RULES[entry(name) || ''];
    if (!value || !rule) continue;
    const kept = set[name];
    const whole = Array.isArray(rule) ? split(value) : value;
    // An empty list counts as missing.
    if (`${kept ?? ''}` != `${whole}`) faults.push({ name, value, kept });
  }
  return { set, faults };
};

/** The name of an attribute that says something about the order or the customer. */
export const FACT = /^data-(order-|products$|customer-|prop-|tags$)/;

/**
 * Calls `begin` of a file that only some pages need. If the file cannot be had, the survey works without it.
 *
 * @param {Promise<{ begin: (survey: Survey, make: typeof build) => unknown }>} file
 * @param {Survey} survey
 */
export const begin = (file, survey) => file.then(({ begin }) => begin(survey, build)).catch(() => {});

/**
 * Reads all attributes of a survey: facts as they are now, the others as they were when it began. Warns once about
 * those that were not taken unchanged. Takes secrets out of the page's address.
 *
 * @param {Survey} survey
 */
export const settle = (survey) => {
  const { at } = survey;
  if (/^http/.test(at.protocol)) survey.page = (at.origin + withoutSecrets(at.pathname)).slice(0, MAX_PAGE);
  const before = [...survey.attributes].filter(({ name }) => !FACT.test(name));
  const now = [...survey.host.attributes].filter(({ name }) => FACT.test(name));
  const { set, faults } = readAll([...before, ...now]);
  survey.set = { ...DEFAULTS, ...set };
  // What else the shop asks: reasons, contact, permission to quote; and the links to the answer's page and the community.
  if (before.some(({ name }) => /data-(re[ac]|cont|quot|comm)/.test(name))) begin(import('./further.js'), survey);
  if (faults[0]) begin(import('./say.js'), survey);
};
