// @ts-check
// What a shop says of the survey's shape in attributes: its corners, its density, its width. Fetched before the survey is
// painted, so that nothing jumps, and only where one of these is set. They become the custom properties that a shop can
// also set in its own styles, without this file: docs/LOOK.md.
import { RULES } from 'built';
import { read } from '../attributes.js';

/** @import { Survey } from '../survey.js' */

/**
 * The factor by which the space between the parts grows.
 *
 * @type {Record<string, number>}
 */
const DENSITY = { compact: 0.6, normal: 1, roomy: 1.4 };

/**
 * Values that are not allowed change nothing. The file of the mode, or later/form.js, warns about them.
 *
 * @param {Survey} survey
 */
export const begin = ({ host, attributes }) => {
  const { radius, density, width } = read(attributes, RULES);
  /** @param {string} name @param {string} value */
  const put = (name, value) => host.style.setProperty('--afterword-' + name, value);
  // Rounder corners would cut off letters.
  if (radius) put('radius', `min(${radius}px, 28px)`);
  if (density) put('density', DENSITY[density] + '');
  // Narrower, the scale has no room for six targets of 44 px.
  if (width) put('width', `max(${width}px, 290px)`);
};
