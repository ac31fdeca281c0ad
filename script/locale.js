// @ts-check

/**
 * The best of the locales that there are for a language tag, by BCP 47's look-up: `de-AT` finds `de`.
 *
 * @param {string} wanted as pages have it: `de-AT`, `DE`, `de_DE`
 * @param {string[]} tags
 * @returns {string | undefined}
 */
export const match = (wanted = '', tags) => {
  for (let tag = wanted.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, '')) {
    const found = tags.find((ours) => ours.toLowerCase() == tag);
    if (found) return found;
  }
};
