// @ts-check
// Shows the number of remaining characters of the comment. Fetched when a comment is close to its limit.
import { COMMENT, NEAR_THE_END } from 'built';

/** @import { Survey } from '../survey.js' */

/** The numbers of remaining characters that are read out; not every key is. */
const READ_OUT = [200, 100, 50, 20, 10, 5, 0];

/**
 * The surveys that are counted. Not their roots: a root gets another survey if the element asks about another order.
 *
 * @type {WeakSet<Survey>}
 */
const counted = new WeakSet();

/**
 * Starts counting in a survey: the number beside the box changes with every key, that in a live region, which screen
 * readers announce, only at the numbers of READ_OUT.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  const { root, locale, script } = survey;
  if (counted.has(survey)) return;
  counted.add(survey);
  script.adopt(root, '.counted{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}');
  // Not a div, because the style sheet makes the frame's div scroll.
  const region = document.createElement('span');
  region.className = 'counted';
  region.setAttribute('role', 'status');
  // Outside the form, because the widget replaces the form.
  root.querySelector('.frame')?.append(region);
  const forms = new Intl.PluralRules(locale);
  /** @param {number} left */
  const say = (left) => {
    const { words } = survey;
    const form = ['_remaining', forms.select(left)].join('-');
    // The locale has all plural forms of its language, but an older browser may select a form that it does not have.
    const text = words[form] || words['_remaining-other'];
    // A locale with its own digits has them among its words.
    return text.replace('{count}', `${left}`.replace(/\d/g, (digit) => words[digit] || digit));
  };
  let before = COMMENT;
  const count = () => {
    const box = root.querySelector('textarea');
    // In UTF-16 units, as the browser counts for maxlength.
    const left = COMMENT - (box?.value || '').length;
    const remaining = root.querySelector('#remaining');
    if (remaining) remaining.textContent = left > NEAR_THE_END ? '' : say(left);
    // At 0 this repeats, because a screen reader gives no other sign that the box is full.
    if (left > NEAR_THE_END) region.textContent = '';
    else if (READ_OUT.some((at) => left <= at && at < before)) region.textContent = say(left);
    before = left;
  };
  root.addEventListener('input', count);
  // Screen readers announce a region when its text changes, not when it is inserted with a text.
  setTimeout(count, 100);
};
