// @ts-check
// Writes the console's lines about attributes. Fetched only if one is wrong, or with data-debug.
import { ALLOWED } from 'built';
import { entry, readAll } from './settings.js';

/** @import { AfterwordSkipReason } from '../afterword' */
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

/** Why a survey is not shown, in words. */
const REASONS = {
  consent: 'your page has not called afterword.consent(true)',
  page: 'data-include or data-exclude leaves this page out',
  date: 'data-from or data-until leaves today out',
  sample: 'this customer is not in the share of data-sample',
  answered: 'it was answered less than data-repeat-after days ago',
  snoozed: 'it was closed less than data-snooze days ago',
  'max-shows': 'it was shown data-max-shows times',
  gap: 'a survey was shown less than data-gap days ago',
  another: 'another survey stands open on the page',
};

/**
 * Says why a survey is not shown.
 *
 * @param {string} survey its id
 * @param {AfterwordSkipReason} reason
 */
export const skipped = (survey, reason) => console.info(`afterword: survey "${survey}" is not shown: ${REASONS[reason]}`);

/**
 * Says which attributes changed after a survey was painted, and what to do.
 *
 * @param {string[]} names
 */
export const tooLate = (names) => console.warn(`afterword: ${names.join(', ')} changed after the question was shown; that has no effect. Set it before the element is inserted, or insert a new element`);
