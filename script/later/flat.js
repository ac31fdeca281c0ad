// @ts-check
// Writes answers as a form; fetched only if the shop asks for that with data-format.

/**
 * A list as one text: its items with commas between them, or a JSON array if an item contains a comma or the first
 * begins with `[`.
 *
 * @param {string[]} items
 */
const join = (items) => {
  const all = items.join();
  return /^\[/.test(all) || items.some((item) => /,/.test(item))
    // Item by item, because JSON.stringify would call a toJSON method that the page has added to arrays.
    ? `[${items.map((item) => JSON.stringify(item))}]`
    : all;
};

/**
 * Turns a message into a form's fields, with dotted names for nested ones, as `Response::to_form` does.
 *
 * @param {Record<string, any>} object
 */
export const flat = (object, prefix = '', fields = new URLSearchParams()) => {
  for (const name in object) {
    const value = object[name];
    if (Array.isArray(value)) fields.append(prefix + name, join(value));
    else if (typeof value == 'object') flat(value, prefix + name + '.', fields);
    else if (value != null) fields.append(prefix + name, value);
  }
  return fields;
};
