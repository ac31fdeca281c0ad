// @ts-check
// The link to the privacy notice on a painted form. afterword.js does not carry it: it comes with the first file that
// follows, whether WebAssembly can run or not, and the widget has it in the same place.
import { PRIVACY } from 'built';
import { build } from '../markup.js';

/** @import { Survey } from '../survey.js' */

/**
 * Adds the link below what is asked, where the shop has set its address, unless the form has it or is at its end.
 * The survey's settings and words have to be all there.
 *
 * @param {Survey} survey
 */
export const addPrivacy = (survey) => {
  const { form } = survey;
  if (form.querySelector('#privacy, .thanks')) return;
  const link = build(survey, PRIVACY);
  if (link) form.lastElementChild?.before(link);
};
