// @ts-check
// Decides when a survey is shown.
import { Promise } from './engine.js';
import { SHOW, notifyAll, onMessage } from './events.js';

/** @import { Survey } from './survey.js' */

/**
 * Resolves when the survey is to be shown. Until then nothing is painted, and none of its files are fetched.
 *
 * @param {Survey} survey
 * @returns {Promise<unknown> | string | undefined}
 */
export const moment = ({ host, set }) => set.on && new Promise((resolve) => {
  onMessage(host, (message) => {
    if (message == SHOW || message == set.on) resolve(0);
  });
  addEventListener(set.on, notifyAll, true);
});
