// @ts-check

/** @import { Survey } from './survey.js' */

/**
 * How the values of the scale are arranged, in the painted form or the widget: `Layout` in the contract.
 *
 * @param {Survey} survey
 */
export const arranged = ({ root }) => {
  const scores = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.score'));
  return scores[10].offsetTop > scores[0].offsetTop ? 'two-rows' : 'one-row';
};
