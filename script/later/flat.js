// @ts-check
// Answers as a form: fetched only where the shop asks for that with data-format.

/**
 * A list as one text: its items between commas, or, where one of them has a comma itself or the first begins with
 * `[`, as a JSON array.
 *
 * @param {string[]} items
 */
const join = (items) => {
  const all = items.join();
  return /^\[/.test(all) || items.some((item) => /,/.test(item))
    // Item by item: a toJSON method that the page has given to arrays would be asked.
    ? `[${items.map((item) => JSON.stringify(item))}]`
    : all;
};

/**
 * Makes a form's fields of a message: dotted names for what is inside. `Response::to_form` says the same.
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
