// @ts-check
import { say } from './texts.js';

/** @import { Survey, Markup } from './survey.js' */

/**
 * Makes an element from built markup. It replaces `$name` by the text of that name, and a number by the locale's digits.
 * If an attribute has no text, such as the address of a link that the shop has not set, there is no element.
 *
 * @param {Survey} survey
 * @param {Markup} markup
 * @returns {any} the element, or '' if there is none
 */
export const build = (survey, [name, attributes, ...children]) => {
  /** @param {string} value */
  const fill = (value) => value[0] == '$' ? say(survey, value.slice(1)) : value;
  const element = document.createElement(name);
  for (const key in attributes) {
    const value = fill(attributes[key]);
    if (value == null) return '';
    element.setAttribute(key, value);
  }
  element.append(...children.map((child) => child.map ? build(survey, child) : survey.words[child] || fill(child)));
  return element;
};
