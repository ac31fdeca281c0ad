// @ts-check
// Writes the console's warnings about attributes. Fetched only if an attribute is wrong.
import { ALLOWED } from 'built';
import { entry, readAll } from './settings.js';

/** @import { Survey } from '../survey.js' */

/**
 * Warns once about each attribute of a survey that was not taken unchanged.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  if (survey.warned) return;
  survey.warned = true;
  for (const { name, value, kept } of readAll(survey.attributes).faults) {
    const happened = !kept ? 'is ignored' : Array.isArray(kept) ? 'loses some items' : 'is cut';
    // A long value would hide the rest of the line.
    const start = [...value].slice(0, 80).join('');
    console.warn(`afterword: data-${name}="${start}" ${happened}; allowed: ${ALLOWED[entry(name) || '']}`);
  }
};
