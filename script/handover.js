// @ts-check
import { Promise } from './engine.js';
import { get, later, quiet } from './files.js';
import { fetchWords } from './texts.js';

/** @import { Survey } from './survey.js' */

/**
 * The widget's files, loaded once a page: a function that has it take a survey over.
 *
 * @type {Promise<(survey: Survey) => unknown> | undefined}
 */
let widget;
const load = () => widget ||= Promise.all([later('takeover'), get('widget_bg.wasm')])
  .then(([{ begin }, wasm]) => begin(wasm));

/**
 * Has the widget take the painted form over: once the page has loaded or the survey is touched, and it is in view
 * or near. If the widget cannot be had, the painted form goes on.
 *
 * @param {Survey} survey
 */
export const handOver = (survey) => {
  const { host } = survey;
  const awake = new Promise((wake) => {
    quiet.then(wake);
    for (const type of ['keydown', 'keypress', 'keyup', 'pointerdown', 'pointerup', 'pointercancel', 'pointerleave']) {
      host.addEventListener(type, (event) => {
        survey.down = /down/.test(type);
        wake(0);
        // Keys typed here are the survey's: the page's shortcuts must not fire.
        if ('key' in event) event.stopPropagation();
      });
    }
  });
  const view = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    view.disconnect();
    awake.then(() => Promise.all([load(), fetchWords(survey)])).then(([take]) => take(survey)).catch(() => {});
  }, { rootMargin: '100%' });
  view.observe(host);
};
