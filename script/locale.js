// @ts-check

/**
 * The best locale of a table for a language tag, by BCP 47's look-up: `de-AT` finds `de`. What takes more knowledge
 * is in the table (`zh-TW` for `zh-Hant`): see build/lookup.rs. The script itself has the part of the table that is
 * about its own locales; later/languages.js has all of it.
 *
 * @param {string} wanted as pages have it: `de-AT`, `DE`, `de_DE`
 * @param {Record<string, string | null>} lookup null: a tag that is for a locale of another table
 * @returns {string | null | undefined}
 */
export const match = (wanted = '', lookup) => {
  for (let tag = wanted.toLowerCase().replaceAll('_', '-'); tag; tag = tag.replace(/-?[^-]*$/, '')) {
    if (tag in lookup) return lookup[tag];
  }
};
