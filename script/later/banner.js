// @ts-check
// The survey along the window's lower edge, or with data-position="top" along its upper edge. Fetched only for
// data-mode="banner"; inline.js says what the files of modes have in common.
import { BANNER } from 'built';
import { place as placeCard } from './card.js';

/** @import { Survey } from '../survey.js' */

export { begin } from './takeover.js';

/** @param {Survey} survey @param {HTMLElement} frame */
export const place = (survey, frame) => placeCard(survey, frame, BANNER);
