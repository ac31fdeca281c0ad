// @ts-check
// Decides when a survey is shown.
import { WHEN } from 'built';
import { Promise } from './engine.js';
import { SHOW, notifyAll, onMessage } from './events.js';
import { later } from './files.js';

/** @import { Survey } from './survey.js' */

/**
 * Hears when a survey that is not shown yet is told SHOW, or that the event of `data-on` has happened.
 *
 * @param {Pick<Survey, 'host' | 'set'>} survey
 * @param {(message?: unknown) => void} hear
 */
const listen = ({ host, set }, hear) => {
  // Some messages are empty, and so may be the event's name.
  onMessage(host, (message) => [SHOW, set.on].includes(message || 0) && hear(message));
};

/**
 * Resolves when the survey is to be shown. Until then nothing is painted, and none of its files are fetched but
 * later/when.js, which decides wherever the shop says more of the moment than an event, or has the survey open by itself.
 *
 * @param {Survey} survey
 * @returns {Promise<unknown> | string | undefined}
 */
export const moment = (survey) => {
  const { host, set } = survey;
  if (set.on) addEventListener(set.on, notifyAll, true);
  return WHEN.test(host.outerHTML)
    ? later('when').then((when) => when.moment(survey, listen))
    : set.on && new Promise((resolve) => listen(survey, resolve));
};
