// @ts-check
// When the widget comes.
import { fetchWords } from './words.js';
import { Promise } from './engine.js';
import { begin, quiet } from './files.js';

/** @import { Survey } from './survey.js' */

/**
 * Has the widget take the painted form over: once the page has loaded or the survey is touched, and it is in view
 * or near. If the widget cannot be had, the painted form goes on.
 *
 * @param {Survey} survey
 */
export const handOver = (survey) => {
  const { host, set } = survey;
  /** @type {Promise<void>} */
  const awake = new Promise((wake) => {
    quiet.then(wake);
    for (const type of ['keydown', 'keyup', 'pointerdown', 'pointerup', 'pointerleave']) {
      host.addEventListener(type, () => {
        survey.down = /down/.test(type);
        wake();
      });
    }
  });
  const view = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    view.disconnect();
    // Side by side: neither waits for the other.
    fetchWords(survey).catch(() => {});
    begin(set.mode, survey);
  }, { rootMargin: '100%' });
  // Not before: while the page's style sheets and pictures are missing, what is far below seems near.
  awake.then(() => view.observe(host));
};
