// @ts-check
// Reports of displays: that the question was shown, or closed unanswered. Fetched only where the shop asks for
// them with data-report="all".
import { about, pack } from '../message.js';
import { asksForPrivacy } from '../signals.js';

/** @import { Survey } from '../survey.js' */

/**
 * Reports that a survey was shown, once that counts, and when it is closed unanswered after that. Where the customer's
 * browser asks for privacy, nothing is reported before a tap.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  const { host, script } = survey;
  /**
   * Sends one report. Nothing of it is kept or tried again.
   *
   * @param {'shown' | 'dismissed'} display
   * @param {string} at the time, in RFC 3339
   */
  const send = (display, at) => {
    // A copy, for which nothing is kept: this is no attempt at the answer.
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
      // The element may ask about another order meanwhile.
      if (/** @type {CustomEvent} */ (event).detail.id == survey.id) then();
    });
  }
  if (survey.seen) shown();
  // Closed before this file was here, and not hidden from the beginning.
  if (host.hidden && !survey.attributes.getNamedItem('hidden')) dismissed();
};
