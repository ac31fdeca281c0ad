// @ts-check
// Writes the console's lines for those who look after the page. Fetched only if there is something to say.
import { ALLOWED } from 'built';
import { isOn } from '../attributes.js';
import { entry, readAll } from './settings.js';

/** @import { AfterwordSkipReason } from '../afterword' */
/** @import { Survey } from '../survey.js' */

/**
 * Warns once about each attribute of a survey that was not taken unchanged. With data-debug, also says so if the customer
 * cannot get the link to the page of their own answer.
 *
 * @param {Survey} survey
 */
export const begin = (survey) => {
  if (survey.warned) return;
  survey.warned = true;
  const { set, faults } = readAll(survey.attributes);
  for (const { name, value, kept } of faults) {
    tell(name, value, !kept ? 'is ignored' : Array.isArray(kept) ? 'loses some items' : 'is cut');
  }
  const mayHaveLink = ['receipt', 'contact', 'quote-permission'].some((name) => isOn(set[name]));
  if (mayHaveLink && isOn(set.debug) && !crypto.subtle) {
    console.info('afterword: the thanks have no link to the answer\'s page: browsers offer crypto.subtle only to pages with https');
  }
};

/**
 * Warns about an attribute that was not taken unchanged.
 *
 * @param {string} name without `data-`
 * @param {string} value
 * @param {string} happened
 */
const tell = (name, value, happened) => {
  // A long value would hide the rest of the line.
  const start = [...value].slice(0, 80).join('');
  console.warn(`afterword: data-${name}="${start}" ${happened}; allowed: ${ALLOWED[entry(name) || '']}`);
};

/**
 * Warns about a value that only the browser could find to be wrong: a selector.
 *
 * @param {string} name without `data-`
 * @param {string} value
 */
export const ignore = (name, value) => tell(name, value, 'is ignored');

let isToldEverywhere = false;

/** Warns, once a page, that a survey asks again on every page. */
export const everywhere = () => {
  if (!isToldEverywhere) console.warn('afterword: the survey opens by itself, and nothing is kept in the browser: it asks again on every page. Set data-storage="local" with data-snooze and data-repeat-after, or data-include');
  isToldEverywhere = true;
};

/** Why a survey is not shown, in words. */
const REASONS = {
  consent: 'your page has not called afterword.consent(true)',
  page: 'data-include or data-exclude leaves this page out',
  date: 'data-from or data-until leaves today out',
  sample: 'this customer is not in the share of data-sample',
  answered: 'it was answered less than data-repeat-after days ago, or on this page',
  snoozed: 'it was closed less than data-snooze days ago, or on this page',
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

/** The largest part of a response's text in the console, in characters. */
const MAX_SAID = 300;

/**
 * The endpoint's reason: title and detail of a problem document, such as the collector's, or else the text on one line.
 *
 * @param {string} text
 */
const said = (text) => {
  try {
    const { title, detail } = JSON.parse(text);
    if (title) return [title, detail].filter(Boolean).join('. ');
  } catch {
    // It is not a problem document.
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_SAID);
};

/**
 * Writes to the console that an answer was not accepted, with the endpoint's status and reason if it responded.
 *
 * @param {URL} endpoint
 * @param {Promise<Response | null> | Response | null | undefined} attempt the result of the last attempt
 */
export const notTaken = async (endpoint, attempt) => {
  /** @type {Response | null | undefined} */
  let answer;
  let text = '';
  try {
    answer = await attempt;
    text = await answer?.text() || '';
  } catch {
    // There was no response, or its body could not be read.
  }
  console.warn(answer
    ? `afterword: ${endpoint} did not take the answer: ${[answer.status, said(text)].filter(Boolean).join('. ')}`
    : `afterword: no answer from ${endpoint} (CORS? connect-src?)`);
};
