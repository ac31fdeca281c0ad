// @ts-check
// The widget's way in: makes the module ready, and has it take painted forms over, unseen.
//
// Loaded with the module, and in dist/ one file with its glue.
import { REVISION_JUMP } from 'built';
import make from 'glue';
import { IDLE } from '../delivery.js';
import { tell } from '../events.js';
import { arranged } from '../layout.js';
import { about, write } from '../message.js';
import { currentFacts, follow } from './changes.js';
import { dress } from './colours.js';
import { isRefusal, notTaken } from './failure.js';
import { keepFocus } from './focus.js';
import { remember } from './memory.js';
import { addPrivacy } from './privacy.js';
import { keepReach } from './reach.js';
import { see, watch } from './seen.js';
import { label } from './tongue.js';
import { listenToTyping } from './typing.js';

/** @import { Survey } from '../survey.js' */
/** @import { AfterwordEventName } from '../afterword' */
/** @import { Life, Mount } from 'glue' */

/**
 * What the widget is handed: `Handover` in src/browser/mount.rs reads these members, by these names.
 *
 * @typedef Handover
 * @property {string[]} attributes names without `data-` and values, by turns, as they are allowed; the items of a list
 *   one by one
 * @property {string[]} words the locale's keys and texts, by turns
 * @property {string} site the subject of last resort
 * @property {string} id
 * @property {string} shown_at
 * @property {string} page
 * @property {string} locale
 * @property {number} [score] that was tapped before
 * @property {string} [scored_at]
 * @property {string} [layout]
 * @property {number} revision the last that the painted form has sent, 0 if none
 * @property {number} [sent_score] the score it carried
 * @property {boolean} pending whether that revision has not arrived: its end is told through `mount`'s function
 * @property {string} [comment] that was typed before
 * @property {string} endpoint
 * @property {string} kind the content type
 * @property {() => string} arranged
 * @property {() => number} rest how long the score that has just been chosen rests, in milliseconds
 * @property {(event: AfterwordEventName, score: number) => void} tell
 * @property {(message: object) => BodyInit} write
 * @property {(request: Request, body: BodyInit) => Promise<Response>} attempt
 * @property {() => void} swap puts the widget in the place of the painted form
 */

/**
 * The module, compiled once a page.
 *
 * @type {Promise<WebAssembly.Module> | undefined}
 */
let module;

const compile = async () => {
  const answer = await fetch(new URL('widget_bg.wasm', import.meta.url));
  if (!answer.ok) throw module = undefined;
  // Not streamed: so small a module gains nothing by it, and on a server that does not know its type
  // there would be a warning in the shop's console.
  return WebAssembly.compile(await answer.arrayBuffer());
};

/**
 * Has the widget take a survey over. Rejects if the module or the locale cannot be had; the painted form then goes on,
 * as it does where the browser wants to save data, or has the slowest of connections.
 *
 * @param {Survey} survey
 */
export const begin = async (survey) => {
  const { saveData, effectiveType } = /** @type {any} */ (navigator).connection || {};
  // Beside the words, which are under way.
  const compiled = saveData || /2g/.test(effectiveType) ? undefined : module ||= compile();
  // It is awaited later.
  compiled?.catch(() => {});
  follow(survey);
  remember(survey);
  watch(survey);
  label(survey);
  listenToTyping(survey);
  // A mode of its own has done so.
  if (!survey.dressed) {
    const frame = /** @type {HTMLElement} */ (survey.root.querySelector('.frame'));
    dress(survey, frame);
    keepReach(survey, frame);
  }
  // Nothing is under way: the words could not be had.
  if (!survey.fetching) return;
  await survey.fetching;
  addPrivacy(survey);
  if (!compiled) return;
  // Each survey has an instance of its own: it goes with the survey, listeners that Yew never takes back
  // included; and if one ends before its time, the others go on.
  /** @type {Life} */
  const life = {};
  take(survey, await make()(await compiled, life), life);
};

/**
 * @param {Element} form
 */
const fields = (form) => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input, textarea, button, a')]);

/**
 * Does something once no finger and no key is down.
 *
 * @param {Survey} survey
 * @param {() => void} then
 */
const whenReleased = (survey, then) => survey.down ? setTimeout(whenReleased, 99, survey, then) : then();

/**
 * @param {Survey} survey
 * @param {Mount} mount
 * @param {Life} life
 * @returns {unknown}
 */
const take = (survey, mount, life) => {
  const { host, root, form, words, score, script } = survey;
  const painted = /** @type {HTMLElement} */ (form.parentElement);
  const text = () => root.querySelector('textarea')?.value;
  // Not while somebody is writing, nor once Send was pressed: they finish in the painted form.
  if (root.querySelector('textarea:focus, [aria-disabled], .failed:not(:empty), .thanks')) return;
  // Not in the middle of a tap, which would be lost.
  if (survey.down) return host.isConnected && setTimeout(take, 99, survey, mount, life);
  const place = document.createElement('div');
  // Yew lets the browser go on where it takes long: what the customer does meanwhile, they do in the painted form,
  // which sends nothing any more.
  let pressed = false;
  form.addEventListener('submit', () => pressed = true);
  /**
   * Puts one form in the other's place. Both have the same fields in the same order: the focus moves along,
   * and so do a score, words and a press of Send that the other has not heard of.
   */
  const swap = (from = painted, /** @type {HTMLElement} */ to = place) => {
    const before = fields(from);
    const after = fields(to);
    const focused = before.indexOf(/** @type {HTMLInputElement} */ (root.activeElement));
    from.replaceWith(to);
    const tapped = after[before.findIndex((field) => field.checked)];
    if (!tapped?.checked) tapped?.click();
    before.forEach(({ localName, value }, place) => {
      if (localName != 'textarea' || !after[place] || after[place].value == value) return;
      after[place].value = value;
      after[place].dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    });
    after[focused]?.focus({ preventScroll: true });
    if (pressed && from == painted) /** @type {HTMLElement | null} */ (to.querySelector('.send'))?.click();
  };
  // If the instance ends before its time, the painted form goes on with what was tapped and typed, under a
  // revision that the widget has not reached.
  life.end = () => {
    if (root.querySelector('.thanks')) return;
    const comment = text() || '';
    const { score } = survey;
    survey.widget = undefined;
    survey.revision += REVISION_JUMP;
    if (score != null) {
      form.elements.score.value = `${score}`;
      script.plan(survey, 0);
      script.complete(survey).then(() => {
        const box = form.querySelector('textarea');
        if (box) box.value = comment;
      });
    }
    swap(place, painted);
  };

  const factsOf = currentFacts(survey);
  /** @type {Promise<Response | null> | undefined} */
  let last = survey.pending; // what comes of the last attempt

  /** @type {Handover} */
  const handover = {
    ...about(survey),
    attributes: Object.entries(survey.set).flatMap(([name, value]) => [value].flat().flatMap((item) => [name, item])),
    words: Object.entries(words).flat(), site: survey.site,
    endpoint: survey.endpoint.href, kind: survey.kind, shown_at: survey.shown_at,
    score, scored_at: survey.scored_at, layout: survey.layout, comment: text(),
    revision: survey.revision, sent_score: survey.sent_score, pending: !!survey.pending,
    arranged: () => arranged(survey),
    rest: /** @type {() => number} */ (survey.rest),
    write: (message) => write(survey, { ...message, ...factsOf(message) }),
    attempt: (request, body) => last = script.attempt(survey, request, body),
    tell(event, score) {
      if (event == 'scored') see(survey);
      if (event == 'failed') {
        notTaken(survey.endpoint, last);
        // After a refusal there is no button any more.
        last?.then((answer) => isRefusal(answer) && root.activeElement?.matches('.send') && keepFocus(root), () => {});
      }
      tell(survey, event, score);
      if (event == 'submitted') keepFocus(root);
    },
    // Somebody may have begun a tap since.
    swap: () => whenReleased(survey, swap),
  };
  const widget = mount(place, handover);
  // From now on the widget sends.
  clearTimeout(survey.timer);
  survey.state = IDLE;
  survey.widget = widget;
  survey.pending?.then(widget);
};
