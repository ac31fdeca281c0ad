// @ts-check

/**
 * The best of the locales that there are for a language tag, by BCP 47's look-up: `de-AT` finds `de`. What takes
 * more knowledge is in the table (`zh-TW` for `zh-Hant`): see build/lookup.rs.
 *
 * @param {string} wanted as pages have it: `de-AT`, `DE`, `de_DE`
 * @param {Record<string, string>} lookup
 * @returns {string | undefined}
 */
export const match = (wanted = '', lookup) => {
  for (let tag = wanted.toLowerCase().replaceAll('_', '-'); tag; tag = tag.replace(/-?[^-]*$/, '')) {
    if (lookup[tag]) return lookup[tag];
  }
};
