// @ts-check
// Adds the link to the privacy notice to a painted form. It is not part of afterword.js, but of each file that may be
// fetched first after it, with and without WebAssembly. The widget has the link in the same place.
import { PRIVACY } from 'built';

/** @import { Survey } from '../survey.js' */

/**
 * Adds the link below the question and the comment, if the shop has set its address, and unless the form already has the
 * link or shows the thanks. The survey must have all its settings and words.
 *
 * @param {Survey} survey
 */
export const addPrivacy = (survey) => {
  const { form, script } = survey;
  if (form.querySelector('#privacy, .thanks')) return;
  const link = script.build(survey, PRIVACY);
  if (link) form.lastElementChild?.before(link);
};
