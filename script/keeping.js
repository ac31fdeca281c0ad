// @ts-check
// What may be kept in the customer's browser.
import { attempt } from './attempt.js';
import { later, quiet } from './files.js';

/** @import { Survey } from './survey.js' */

/** What the page said last through `afterword.consent()`. */
let consented = false;

/** @param {boolean} given */
export const consent = (given) => {
  consented = given;
  dispatchEvent(new Event('afterword:consent'));
};

/**
 * Has later/outbox.js keep revisions until they have arrived, where the shop asks for it with data-storage. If it
 * cannot, all goes on without.
 *
 * @param {Survey} survey
 */
export const keepUnsent = (survey) => {
  const { set } = survey;
  if (set.storage) {
    later('outbox')
      .then(({ open }) => survey.keep = open(set.storage, () => set.consent != 'required' || consented, attempt, quiet))
      .catch(() => {});
  }
};
