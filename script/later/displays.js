// @ts-check
// Reports displays: that the question was shown, or closed unanswered. Fetched only for data-report="all".
import { about, pack } from '../message.js';
import { asksForPrivacy } from '../signals.js';

/** @import { Survey } from '../survey.js' */

/**
 * Reports when a survey counts as shown, and when it is closed unanswered after that. If the customer's browser asks for
 * privacy, nothing is reported before a tap.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  const { host, script } = survey;
  /**
   * Sends one report. A report is neither stored nor sent again.
   *
   * @param {'shown' | 'dismissed'} display
   * @param {string} at the time, in RFC 3339
   */
  const send = (display, at) => {
    // A copy without `keep`: the report must not be stored, and must not count as an attempt to send the answer.
    const { keep, ...copy } = survey;
    script.post(copy, pack(survey, { ...about(survey), display, at })).catch(() => {});
  };
  let isReported = false;
  const shown = () => {
    if (isReported || (survey.score == null && asksForPrivacy())) return;
    isReported = true;
    send('shown', survey.shown_at);
  };
  const dismissed = () => {
    if (isReported && survey.score == null) send('dismissed', new Date().toISOString());
  };
  for (const [name, then] of /** @type {[string, () => void][]} */ ([['shown', shown], ['scored', shown], ['dismissed', dismissed]])) {
    host.addEventListener(`afterword:${name}`, (event) => {
      // The element may belong to the survey of another order by now.
      if (/** @type {CustomEvent} */ (event).detail.id == survey.id) then();
    });
  }
  if (survey.seen) shown();
  // It was closed before this file arrived, and not hidden from the start.
  if (host.hidden && !survey.attributes.getNamedItem('hidden')) dismissed();
};
