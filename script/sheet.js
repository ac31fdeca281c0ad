// @ts-check

/**
 * Gives a root a style sheet. An adopted one needs no entry in the page's policy. Throws where a browser has none.
 *
 * @param {ShadowRoot} root
 * @param {string} style
 */
export const adopt = (root, style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets.push(sheet);
};
