// @ts-check
// The painted form's second half: the comment, Send, the thanks, and trying again. Fetched when
// somebody has tapped a score before the widget was there to take the form over, or where it cannot
// come at all.
import { MORE, THANKS } from 'built';
import { keepFocus } from './focus.js';
import { noAnswer } from './say.js';

/** @import { Survey, Markup, Revision } from '../survey.js' */

/**
 * Adds the comment to a painted form, and makes Send work.
 *
 * Returns what is to be called when an attempt at a revision has ended: with the answer, 0 if there was none.
 *
 * @param {Survey} survey
 */
export const complete = (survey) => {
  const { form, script } = survey;
  /** @param {string} name */
  const say = (name) => script.say(survey, name) || '';

  /**
   * Makes elements of built markup, without links that lead nowhere.
   *
   * @param {Markup} markup
   */
  const make = (markup) => {
    const element = /** @type {HTMLElement} */ (script.build(survey, markup));
    for (const link of element.querySelectorAll('a')) {
      // Help is offered to whoever is not content.
      const needed = link.id != 'support' || score() < 7;
      if (!needed || !/^(https?|mailto|tel):/.test(link.protocol)) link.remove();
    }
    return element;
  };

  const status = /** @type {HTMLElement} */ (form.lastChild);
  status.before(make(MORE));
  const comment = /** @type {HTMLTextAreaElement} */ (form.querySelector('textarea'));
  const label = /** @type {HTMLElement} */ (form.querySelector('.follow-up'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  const failed = /** @type {HTMLElement} */ (form.querySelector('.failed'));
  const score = () => +form.elements.score.value;
  /** @type {string | undefined} */
  let words; // with which Send was pressed last
  /** @type {number | undefined} */
  let scored; // the score that was sent with them
  let due = false; // whether the customer is to be thanked when they arrive
  /** @type {Revision | undefined} */
  let tried; // the revision of the last attempt
  let attempts = 0; // how many have failed of it

  /** @param {string} name the button's words */
  const show = (name, failure = '') => {
    comment.readOnly = name == '_sending';
    button.ariaDisabled = `${comment.readOnly}`;
    button.textContent = say(name);
    failed.textContent = failure;
  };
  /** @param {number} wait in milliseconds */
  const send = (wait) => {
    scored = score();
    script.plan(survey, wait, script.revise(survey, words));
  };
  form.addEventListener('submit', () => {
    if (comment.readOnly) return;
    words = comment.value;
    due = true;
    show('_sending');
    send(0);
  });
  form.addEventListener('change', ({ target }) => {
    const { type } = /** @type {HTMLInputElement} */ (target);
    if (type != 'radio') return;
    label.textContent = say('follow-up');
    // Corrected after Send, the score goes with the words that were sent, not those written since.
    if (words != null && !comment.readOnly) send(400);
  });

  /**
   * @param {Revision} revision
   * @param {Response | 0} answer
   */
  return (revision, answer) => {
    if (answer && answer.ok) {
      if (!due) return; // the score alone
      if (score() != scored) {
        // Corrected while the answer was on its way: it follows.
        send(0);
      } else if (comment.value == words) {
        script.tell(survey, 'submitted');
        keepFocus(survey.root);
        status.append(...THANKS.map(make));
        form.replaceChildren(status);
      } else {
        // It arrived by itself after a failure, while they were changing it.
        due = false;
        show('_send');
      }
      return;
    }
    const { status: code = 0, headers } = answer || {};
    const after = Number(headers?.get('retry-after')) || 0;
    if (tried != revision) attempts = 0;
    tried = revision;
    // 1, 2, 4 and 8 seconds, spread over a quarter; as src/delivery.rs has it.
    if (attempts < 4 && after <= 30 && !/^4(?!08|25|29)/.test(`${code}`)) {
      script.plan(survey, Math.max(after * 1e3, 2 ** attempts++ * (750 + 500 * Math.random())), revision);
    } else if (due) {
      if (!failed.textContent) {
        noAnswer(survey.endpoint);
        script.tell(survey, 'failed');
      }
      show('_retry', say('_failed'));
    }
  };
};
