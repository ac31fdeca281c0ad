// @ts-check
// What the shop set: the `data-*` attributes of a survey.

// What an attribute's value must match to be used here. A wrong one is as good as none, or an
// endpoint would refuse the answer for it; the widget warns about it.
/** @type {Record<string, RegExp>} */
const RULES = {
  accent: /^#([\da-f]{3}){1,2}$/i,
  'customer-kind': /^(new|returning)$/,
  endpoint: /^(https?:|[^:]*([/?#]|$))/i,
  mode: /^corner$/, // inline is as good as nothing
  'order-country': /^[A-Z]{2}$/,
  'order-currency': /^[A-Z]{3}$/,
  'order-value': /^\d{1,12}(\.\d{1,4})?$/,
  storage: /^(local|session)$/, // none is as good as nothing
  survey: /^[\w.-]{1,64}$/,
  touchpoint: /^(visit|order|delivery|support|return)$/,
};
/** @param {string} name */
const most = (name) => /label/.test(name) ? 100 : /-id$/.test(name) ? 128 : /url|endpoint/.test(name) ? 2e3 : /^(products|tags)$/.test(name) ? 1e4 : 500;

/**
 * Reads attributes.
 *
 * @param {Iterable<{ name: string, value: string }>} attributes
 */
export const read = (attributes) => {
  /** @type {import('./survey.js').Settings} */
  const set = { survey: 'default', touchpoint: 'order' }; // the attributes, without data-
  /** @type {string[]} */
  const raw = []; // and as they stand, for the widget to read and to warn about
  for (const { name, value } of attributes) {
    if (!name.startsWith('data-')) continue;
    const short = name.slice(5);
    const trimmed = value.trim();
    raw.push(short, value);
    // The bare presence of a switch is a yes. Any other empty value counts as absent.
    if ((trimmed || /^(preview|debug)$/.test(short)) && trimmed.length <= most(short) && /^(?!header.*[^ -~])[\w.-]*\w=/s.test(short + '=' + trimmed) && RULES[short]?.test?.(trimmed) != false) set[short] = trimmed;
  }
  return { set, raw };
};

/**
 * Whether a switch is on.
 *
 * @param {string | undefined} value
 */
export const isOn = (value) => value != null && value != 'false';

/**
 * The attributes that start so, as an object, up to 30; nothing if there are none.
 *
 * @param {import('./survey.js').Settings} set
 * @param {string} prefix
 * @param {any} [found]
 */
export const group = (set, prefix, found) => {
  for (const name in set) if (set[name] && name.startsWith(prefix) && !Object.keys(found || {})[29]) (found ||= {})[name.slice(prefix.length)] = set[name];
  return found;
};
