// @ts-check
// The painted form's second half: the comment, Send, the thanks, and further attempts. Fetched if a
// customer chooses a score before the widget has replaced the form, or if the widget cannot run.
import { ATTEMPTS, FIRST_WAIT, JITTER, MORE, PATIENCE, RETRYABLE, SETTLE, THANKS } from 'built';
import { FAILED } from '../delivery.js';
import { tell } from '../events.js';
import { build } from '../markup.js';
import { answer as message, pack } from '../message.js';
import { say as text } from '../texts.js';
import { isRefusal, notTaken } from './failure.js';
import { keepFocus } from './focus.js';
import { addPrivacy } from './privacy.js';
import { completed } from './completed.js';
import { segmentOf } from './segment.js';
import { settle } from './settings.js';
import { listenToTyping } from './typing.js';

/** @import { Survey, Markup, Revision } from '../survey.js' */

/**
 * Adds the comment to a painted form, and makes Send work.
 *
 * Returns a function to call when an attempt to send a revision has ended: with the response, or null.
 *
 * @param {Survey} survey
 */
export const complete = (survey) => {
  settle(survey);
  listenToTyping(survey);
  const { form, script } = survey;
  const score = () => +form.elements.score.value;
  const isDetractor = () => score() < 7;
  /** The survey with the texts for the score's segment instead of the general ones. */
  const addressed = () => {
    const segment = segmentOf(score());
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
    // Only detractors see the link to the support.
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
  let words; // the comment when Send was last pressed
  /** @type {number | undefined} */
  let edition; // the edition of what else was said, at that time
  /** @type {number | undefined} */
  let scored; // the score that was sent with that comment
  let refused = false; // whether the endpoint has refused that answer for good
  let due = false; // whether the thanks are shown when that answer arrives
  /** @type {Revision | undefined} */
  let tried; // the revision of the last attempt
  let failures = 0; // the number of failed attempts to send it

  /** Shows that the score is saved, once it is. Its space is reserved before, so that nothing moves. */
  const acknowledge = () => {
    saved.textContent = say('_saved').replace('{score}', () => survey.words[score()] || `${score()}`);
    if (!survey.state && survey.sent_score == score()) saved.removeAttribute('aria-hidden');
    else saved.setAttribute('aria-hidden', 'true');
  };
  acknowledge();
  /** @param {string} name the button's words */
  const show = (name, failure = '') => {
    comment.readOnly = name == '_sending';
    button.setAttribute('aria-disabled', `${comment.readOnly}`);
    button.textContent = say(name);
    failed.textContent = failure;
    button.hidden = refused;
    status.replaceChildren(...comment.readOnly ? [make(['span', {}, '$_sending'])] : []);
  };
  /** @param {number} wait in milliseconds */
  const send = (wait) => {
    scored = score();
    const answer = completed(survey, message(survey), words || '');
    script.plan(survey, wait, pack(survey, { ...answer, ...survey.said?.(answer) }));
  };
  /** Whether the form says what it said when Send was pressed, apart from the score. */
  const isAsSent = () => comment.value == words && survey.edition == edition;
  // What was changed is another answer, which the endpoint may accept.
  form.addEventListener('input', () => {
    if (!refused || isAsSent()) return;
    due = refused = false;
    show('_send');
  });
  form.addEventListener('submit', () => {
    if (comment.readOnly || refused || survey.widget) return;
    words = comment.value;
    edition = survey.edition;
    due = true;
    show('_sending');
    send(0);
  });
  form.addEventListener('change', ({ target }) => {
    const { type } = /** @type {HTMLInputElement} */ (target);
    if (type != 'radio') return;
    label.textContent = say('follow-up');
    acknowledge();
    // After Send a corrected score is sent with the comment that was sent, without later changes to it.
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
        // The score was corrected while the answer was being sent, so it is sent now. Another score may offer other reasons.
        edition = survey.edition;
        send(0);
      } else if (isAsSent()) {
        tell(survey, 'submitted');
        keepFocus(survey.root);
        status.replaceChildren(...THANKS.map(make));
        // The region stays in its place: screen readers do not announce what a new one begins with.
        for (const child of [...form.children]) if (child != status) child.remove();
        form.removeAttribute('aria-labelledby');
      } else {
        // The automatic attempt succeeded while the customer was changing the rest.
        due = false;
        show('_send');
      }
      return;
    }
    if (tried != revision) failures = 0;
    tried = revision;
    // Only whole seconds count, as in src/delivery.rs; a date counts as absent.
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
      if (refused && button.matches(':focus')) keepFocus(survey.root, 'textarea');
      if (refused) show('_send', say('_refused'));
      else show('_retry', say('_failed'));
    }
  };
  // An attempt that failed before this file arrived is repeated like any other, at the time that the endpoint names.
  if (survey.state == FAILED) {
    survey.pending?.then((answer) => {
      if (!survey.widget) onAnswer(/** @type {Revision} */ (survey.outgoing), answer);
    });
  }
  return onAnswer;
};
