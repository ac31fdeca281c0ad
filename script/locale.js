// @ts-check

/**
 * The best locale of a table for a language tag, by the look-up of BCP 47: `de-AT` finds `de`. The table has the
 * results that need more knowledge (`zh-TW` finds `zh-Hant`): see build/lookup.rs. The script itself has the part of
 * the table for its own locales; later/languages.js has all of it.
 *
 * @param {string} wanted as pages write it: `de-AT`, `DE`, `de_DE`
 * @param {Record<string, string | null>} lookup null: the tag belongs to a locale of another table
 * @returns {string | null | undefined}
 */
export const match = (wanted = '', lookup) => {
  for (let tag = wanted.toLowerCase().replaceAll('_', '-'); tag; tag = tag.replace(/-?[^-]*$/, '')) {
    if (tag in lookup) return lookup[tag];
  }
};
