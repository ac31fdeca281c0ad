// @ts-check
// Answers as a form: fetched only where the shop asks for that with data-format.

/**
 * Makes a form's fields of a message: dotted names for what is inside, commas in lists.
 *
 * @param {Record<string, any>} object
 */
export const flat = (object, prefix = '', fields = new URLSearchParams()) => {
  for (const name in object) {
    const value = object[name];
    if (typeof value == 'object' && !value.map) flat(value, prefix + name + '.', fields);
    else if (value != null) fields.append(prefix + name, value);
  }
  return fields;
};
