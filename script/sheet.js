// @ts-check

/**
 * Adopts a style sheet in a root, which needs no entry in the page's policy. Throws if the browser does not support it.
 *
 * @param {ShadowRoot} root
 * @param {string} style
 */
export const adopt = (root, style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets.push(sheet);
};
