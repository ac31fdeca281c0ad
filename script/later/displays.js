// @ts-check
// Reports of displays: that the question was shown, or closed unanswered. Fetched only where the shop asks for
// them with data-report="all".
import { about, pack } from '../message.js';

/** @import { Survey } from '../survey.js' */

/**
 * Reports that a survey was shown, and from now on when it is closed unanswered.
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
  const dismissed = () => {
    if (survey.score == null) send('dismissed', new Date().toISOString());
  };
  send('shown', survey.shown_at);
  host.addEventListener('afterword:dismissed', dismissed);
  // Closed before this file was here, and not hidden from the beginning.
  if (host.hidden && !survey.attributes.getNamedItem('hidden')) dismissed();
};
