// @ts-check
// The survey where its element stands. Fetched once the page has loaded, or the painted form is touched.
//
// Each mode has a file with its name, which contains all that a survey needs after it was painted; so no page fetches
// two files that share code. Its export `begin` lets the widget take over. The files of all other modes are fetched
// before the survey is painted, and have a second export, `place`, which puts the frame into its place.
import { dress } from './colours.js';
import { keepReach } from './reach.js';
import { begin as takeOver } from './takeover.js';
import { keepNarrow } from './upright.js';

/** @import { Survey } from '../survey.js' */

/** @param {Survey} survey */
const adapt = (survey) => {
  const frame = /** @type {HTMLElement} */ (survey.root.querySelector('.frame'));
  keepNarrow(survey);
  dress(survey, frame);
  keepReach(survey, frame);
};

/** @param {Survey} survey */
export const begin = (survey) => takeOver(survey, adapt);
