// @ts-check
// How many characters the comment may still have. Fetched when somebody has written so much that it matters.
import { COMMENT, NEAR_THE_END } from 'built';
import { adopt } from '../sheet.js';

/** @import { Survey } from '../survey.js' */

/** How many are left when they are read out: not after every key. */
const READ_OUT = [200, 100, 50, 20, 10, 5, 0];

/** @type {WeakSet<ShadowRoot>} */
const counted = new WeakSet();

/**
 * Counts in a survey from now on: beside the box at every key, and in a region that is read out now and then.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  const { root, locale } = survey;
  if (counted.has(root)) return;
  counted.add(root);
  adopt(root, '.counted{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}');
  // No div: the frame's own scrolls.
  const region = document.createElement('span');
  region.className = 'counted';
  region.setAttribute('role', 'status');
  // Beside the form, which is another one once the widget comes.
  root.querySelector('.frame')?.append(region);
  const forms = new Intl.PluralRules(locale);
  /** @param {number} left */
  const say = (left) => {
    const { words } = survey;
    const form = ['_remaining', forms.select(left)].join('-');
    // Every language has the forms that its numbers take; of what they are, browsers have different years' knowledge.
    const text = words[form] || words['_remaining-other'];
    // A language that writes other digits has them among its words.
    return text.replace('{count}', `${left}`.replace(/\d/g, (digit) => words[digit] || digit));
  };
  let before = COMMENT;
  const count = () => {
    const box = root.querySelector('textarea');
    // As the browser counts for maxlength: in UTF-16.
    const left = COMMENT - (box?.value || '').length;
    const remaining = root.querySelector('#remaining');
    if (remaining) remaining.textContent = left > NEAR_THE_END ? '' : say(left);
    // At the end again and again: that nothing more is taken can be heard only so.
    if (left > NEAR_THE_END) region.textContent = '';
    else if (READ_OUT.some((at) => left <= at && at < before)) region.textContent = say(left);
    before = left;
  };
  root.addEventListener('input', count);
  // A region is read out when its text changes, not when it comes with one.
  setTimeout(count, 100);
};
