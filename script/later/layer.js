// @ts-check
// Tells the page's data layer, which Google Tag Manager and GA4 read, what happens with a survey: the event's name, the survey,
// and the segment. Nothing else: no order, no customer, no words. Fetched only with data-layer.
import { mayKeep } from './keeping.js';

/** @import { Survey } from '../survey.js' */

/** The events of which the data layer is told. */
const EVENTS = ['shown', 'scored', 'submitted', 'dismissed'];

/** @param {number | undefined} score */
const segment = (score) => score == null ? {} : { segment: score < 7 ? 'detractor' : score < 9 ? 'passive' : 'promoter' };

/**
 * Tells the data layer what has happened so far, and from now on. Without consent, where it is required or the browser asks
 * for privacy, the data layer is told nothing.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  const { host, id } = survey;
  /** @param {string} name @param {number} [score] */
  const push = (name, score) => {
    const page = /** @type {any} */ (window);
    if (mayKeep(survey)) (page.dataLayer ||= []).push({ event: 'afterword_' + name, survey: survey.set.survey, ...segment(score) });
  };
  for (const name of EVENTS) {
    host.addEventListener('afterword:' + name, (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (detail.id == id) push(name, detail.score);
    });
  }
  if (survey.seen) push('shown');
  if (survey.score != null) push('scored', survey.score);
};
