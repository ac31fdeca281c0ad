// @ts-check
// The survey as a card in the window's lower corner, on phones a sheet at its lower edge. Fetched only for
// data-mode="corner"; inline.js says what the files of modes have in common.
import { CORNER } from 'built';
import { place as placeCard } from './card.js';

/** @import { Survey } from '../survey.js' */

export { begin } from './takeover.js';

/** @param {Survey} survey @param {HTMLElement} frame */
export const place = (survey, frame) => placeCard(survey, frame, CORNER);
