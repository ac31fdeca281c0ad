// @ts-check
// The painted form's second half: the comment, Send, the thanks, and trying again. Fetched when
// somebody has tapped a score before the widget was there to take the form over, or where it cannot
// come at all.
import { ATTEMPTS, FIRST_WAIT, JITTER, MORE, PATIENCE, RETRYABLE, SETTLE, THANKS } from 'built';
import { FAILED } from '../delivery.js';
import { tell } from '../events.js';
import { build } from '../markup.js';
import { revise } from '../message.js';
import { say as text } from '../texts.js';
import { isRefusal, notTaken } from './failure.js';
import { keepFocus } from './focus.js';
import { addPrivacy } from './privacy.js';
import { settle } from './settings.js';
import { listenToTyping } from './typing.js';

/** @import { Survey, Markup, Revision } from '../survey.js' */

/**
 * Adds the comment to a painted form, and makes Send work.
 *
 * Returns what is to be called when an attempt at a revision has ended: with the answer, if there was one.
 *
 * @param {Survey} survey
 */
export const complete = (survey) => {
  settle(survey);
  listenToTyping(survey);
  const { form, script } = survey;
  const score = () => +form.elements.score.value;
  const isDetractor = () => score() < 7;
  /** The survey with the texts for the segment of the score in the place of those for all. */
  const addressed = () => {
    const segment = isDetractor() ? '-detractor' : score() < 9 ? '-passive' : '-promoter';
    const set = { ...survey.set };
    for (const name of ['follow-up', 'thanks']) set[name] = set[name + segment] || set[name] || text(survey, name + segment);
    return { ...survey, set };
  };
  /** @param {string} name */
  const say = (name) => text(addressed(), name);

  /**
   * Makes an element of built markup.
   *
   * @param {Markup} markup
   */
  const make = (markup) => {
    const element = /** @type {HTMLElement} */ (build(addressed(), markup));
    // Help is offered to whoever is not content.
    if (!isDetractor()) element.querySelector('#support')?.remove();
    return element;
  };

  const status = /** @type {HTMLElement} */ (form.lastChild);
  addPrivacy(survey);
  (form.querySelector('#privacy') || status).before(make(MORE));
  const comment = /** @type {HTMLTextAreaElement} */ (form.querySelector('textarea'));
  const label = /** @type {HTMLElement} */ (form.querySelector('.follow-up'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  const failed = /** @type {HTMLElement} */ (form.querySelector('.failed'));
  const saved = /** @type {HTMLElement} */ (form.querySelector('.saved span'));
  /** @type {string | undefined} */
  let words; // with which Send was pressed last
  /** @type {number | undefined} */
  let scored; // the score that was sent with them
  let refused = false; // whether the endpoint has refused them for good
  let due = false; // whether the customer is to be thanked when they arrive
  /** @type {Revision | undefined} */
  let tried; // the revision of the last attempt
  let failures = 0; // how many attempts at it have failed

  /** Says that the score is saved, once it is. Its room is there before, so that nothing moves then. */
  const acknowledge = () => {
    saved.textContent = say('_saved').replace('{score}', () => survey.words[score()] || `${score()}`);
    if (!survey.state && survey.sent_score == score()) saved.removeAttribute('aria-hidden');
    else saved.setAttribute('aria-hidden', 'true');
  };
  acknowledge();
  /** @param {string} name the button's words */
  const show = (name, failure = '') => {
    comment.readOnly = name == '_sending';
    button.ariaDisabled = `${comment.readOnly}`;
    button.textContent = say(name);
    failed.textContent = failure;
    button.hidden = refused;
  };
  /** @param {number} wait in milliseconds */
  const send = (wait) => {
    scored = score();
    script.plan(survey, wait, revise(survey, words));
  };
  // Other words are another answer, which can be sent.
  comment.addEventListener('input', () => {
    if (!refused || comment.value == words) return;
    due = refused = false;
    show('_send');
  });
  form.addEventListener('submit', () => {
    if (comment.readOnly || refused || survey.widget) return;
    words = comment.value;
    due = true;
    show('_sending');
    send(0);
  });
  form.addEventListener('change', ({ target }) => {
    const { type } = /** @type {HTMLInputElement} */ (target);
    if (type != 'radio') return;
    label.textContent = say('follow-up');
    acknowledge();
    // Corrected after Send, the score goes with the words that were sent, not those written since.
    if (words != null && !comment.readOnly) send(SETTLE);
  });

  /**
   * @param {Revision} revision
   * @param {Response | null} answer
   */
  const onAnswer = (revision, answer) => {
    if (answer?.ok) {
      acknowledge();
      if (!due) return; // the score alone
      if (score() != scored) {
        // Corrected while the answer was on its way: it follows.
        send(0);
      } else if (comment.value == words) {
        tell(survey, 'submitted');
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
    if (tried != revision) failures = 0;
    tried = revision;
    // In whole seconds, as src/delivery.rs reads it: a date counts as absent.
    const after = +(/^\d+$/.exec(answer?.headers.get('retry-after')?.trim() || '') || 0);
    if (++failures < ATTEMPTS && after <= PATIENCE && RETRYABLE.test(`${answer?.status || 0}`)) {
      const wait = FIRST_WAIT * 2 ** (failures - 1) * (1 + JITTER * (2 * Math.random() - 1));
      script.plan(survey, Math.max(after * 1000, wait), revision);
    } else if (due) {
      if (!failed.textContent) {
        notTaken(survey.endpoint, answer);
        tell(survey, 'failed');
      }
      refused = isRefusal(answer);
      if (refused && button.matches(':focus')) keepFocus(survey.root);
      if (refused) show('_send', say('_refused'));
      else show('_retry', say('_failed'));
    }
  };
  // An attempt that ended before this file was here is tried again as any other: when the endpoint wants it.
  if (survey.state == FAILED) {
    survey.pending?.then((answer) => {
      if (!survey.widget) onAnswer(/** @type {Revision} */ (survey.outgoing), answer);
    });
  }
  return onAnswer;
};
