// @ts-check
// What the console is told about attributes, in words. Fetched only where something is wrong.
import { ALLOWED } from 'built';
import { entry, readAll } from './settings.js';

/** @import { Survey } from '../survey.js' */

/**
 * Warns about a survey's attributes that are not taken as they stand, once.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  if (survey.warned) return;
  survey.warned = true;
  for (const { name, value, kept } of readAll(survey.attributes).faults) {
    const happened = !kept ? 'is ignored' : Array.isArray(kept) ? 'loses some items' : 'is cut';
    // A long value would bury the rest.
    const start = [...value].slice(0, 80).join('');
    console.warn(`afterword: data-${name}="${start}" ${happened}; allowed: ${ALLOWED[entry(name) || '']}`);
  }
};
