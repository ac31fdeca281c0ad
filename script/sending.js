// @ts-check
// Sending the painted form's revisions, until the widget does that.
import { attempt } from './attempt.js';
import { isOn } from './attributes.js';
import { FAILED, IDLE, SENDING, WAITING } from './delivery.js';
import { revise } from './message.js';

/** @import { Survey, Revision } from './survey.js' */

/**
 * Makes one attempt at a request; in a preview, none, which succeeds.
 *
 * @param {Survey} survey
 * @param {Revision} request
 */
export const post = async (survey, request) => isOn(survey.set.preview)
  ? new Response()
  : attempt(survey, new Request(survey.endpoint, request), request.body);

/**
 * Sends now what is unsent and not under way.
 *
 * @param {Survey} survey
 */
export const send = (survey) => {
  if (survey.state != WAITING && survey.state != FAILED) return;
  clearTimeout(survey.timer);
  survey.state = SENDING;
  const revision = survey.outgoing ||= revise(survey);
  survey.pending = post(survey, revision).catch(() => null);
  survey.pending.then((answer) => {
    // Ignored if there is a newer revision, or the widget sends now.
    if (revision != survey.outgoing || survey.widget) return;
    survey.state = FAILED;
    if (answer?.ok) {
      survey.state = IDLE;
      survey.pending = undefined;
    }
    survey.onAnswer?.(revision, answer);
  });
};

/**
 * Has a revision sent after some time, in the place of any other.
 *
 * @param {Survey} survey
 * @param {number} wait in milliseconds
 * @param {Revision} [revision] absent: one that is made when the time has come
 */
export const plan = (survey, wait, revision) => {
  clearTimeout(survey.timer);
  survey.outgoing = revision;
  survey.state = WAITING;
  survey.timer = setTimeout(send, wait, survey);
};
