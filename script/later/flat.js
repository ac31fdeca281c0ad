// @ts-check
// Answers as a form: fetched only where the shop asks for that with data-format.

/**
 * Makes a form's fields of a message: dotted names for what is inside, commas between the items of a list. A comma
 * inside an item becomes a space, or a receiver would see two. `Response::to_form` says the same.
 *
 * @param {Record<string, any>} object
 */
export const flat = (object, prefix = '', fields = new URLSearchParams()) => {
  for (const name in object) {
    const value = object[name];
    if (Array.isArray(value)) fields.append(prefix + name, value.map((item) => item.replaceAll(',', ' ')).join());
    else if (typeof value == 'object') flat(value, prefix + name + '.', fields);
    else if (value != null) fields.append(prefix + name, value);
  }
  return fields;
};
