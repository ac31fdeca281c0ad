// @ts-check
/** @type {Record<string, CSSStyleSheet>} */
const sheets = {};

/**
 * A style sheet, made once a page.
 *
 * @param {string} style
 */
export const sheet = (style) => {
  if (!sheets[style]) (sheets[style] = new CSSStyleSheet()).replaceSync(style);
  return sheets[style];
};
