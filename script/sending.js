// @ts-check
// Sends the painted form's revisions, until the widget takes over.
import { attempt } from './attempt.js';
import { isOn } from './attributes.js';
import { FAILED, IDLE, SENDING, WAITING } from './delivery.js';
import { answer, pack } from './message.js';

/** @import { Survey, Revision } from './survey.js' */

/**
 * Makes one attempt at a request. In a preview it sends nothing and succeeds.
 *
 * @param {Survey} survey
 * @param {Revision} request
 */
export const post = async (survey, request) => isOn(survey.set.preview)
  ? new Response()
  : attempt(survey, new Request(survey.endpoint, request), request.body);

/**
 * Sends an unsent revision now, unless a request is under way.
 *
 * @param {Survey} survey
 */
export const send = (survey) => {
  if (survey.state != WAITING && survey.state != FAILED) return;
  clearTimeout(survey.timer);
  survey.state = SENDING;
  const revision = survey.outgoing ||= pack(survey, answer(survey));
  survey.pending = post(survey, revision).catch(() => null);
  survey.pending.then((answered) => {
    // Ignores the result if there is a newer revision, or if the widget sends now.
    if (revision != survey.outgoing || survey.widget) return;
    survey.state = FAILED;
    if (answered?.ok) {
      survey.state = IDLE;
      survey.pending = undefined;
    }
    survey.onAnswer?.(revision, answered);
  });
};

/**
 * Plans to send a revision after `wait`, in the place of any other planned one.
 *
 * @param {Survey} survey
 * @param {number} wait in milliseconds
 * @param {Revision} [revision] if absent, it is made when the time has come
 */
export const plan = (survey, wait, revision) => {
  clearTimeout(survey.timer);
  survey.outgoing = revision;
  survey.state = WAITING;
  survey.timer = setTimeout(send, wait, survey);
};
