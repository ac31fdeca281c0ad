// @ts-check
// Loads the widget's module, and replaces painted forms by the widget without a visible change.
//
// Part of the file of every mode, together with the glue.
import { MODE, REVISION_JUMP } from 'built';
import make from 'glue';
import { isOn } from '../attributes.js';
import { IDLE } from '../delivery.js';
import { tell } from '../events.js';
import { arranged } from '../layout.js';
import { currentFacts, follow } from './changes.js';
import { isRefusal, notTaken } from './failure.js';
import { keepFocus } from './focus.js';
import { remember } from './memory.js';
import { addPrivacy } from './privacy.js';
import { see, watch } from './seen.js';
import { label } from './tongue.js';
import { listenToTyping } from './typing.js';

/** @import { Survey } from '../survey.js' */
/** @import { AfterwordEventName } from '../afterword' */
/** @import { Life, Mount } from 'glue' */

/**
 * The state of the survey for the widget: `Handover` in src/browser/mount.rs reads these members by these names.
 *
 * @typedef Handover
 * @property {string[]} attributes names without `data-` alternating with allowed values; a list has one pair for each
 *   item
 * @property {string[]} words the locale's keys, alternating with texts
 * @property {string} site what the question is about
 * @property {string} id
 * @property {string} shown_at
 * @property {string} page
 * @property {string} locale
 * @property {number} [score] the score that the customer has chosen
 * @property {string} [scored_at]
 * @property {string} [layout]
 * @property {number} revision the number of the last revision that the painted form has sent, 0 if none
 * @property {number} [sent_score] the score in it
 * @property {boolean} pending whether that revision has not arrived yet; the function that `mount` returns gets the result
 * @property {string} [comment] the text that the customer has typed
 * @property {string} endpoint
 * @property {string} kind the content type
 * @property {() => string} arranged
 * @property {() => number} rest the time in milliseconds to wait before sending the score that has just been chosen
 * @property {(event: AfterwordEventName, score: number) => void} tell
 * @property {(message: object) => BodyInit} write
 * @property {(request: Request, body: BodyInit) => Promise<Response>} attempt
 * @property {() => void} swap replaces the painted form by the widget
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
  // Not streamed: so small a module would not start sooner, and a server that sends a wrong content type would
  // cause a warning in the shop's console.
  return WebAssembly.compile(await answer.arrayBuffer());
};

/**
 * Lets the widget take over a survey. Rejects if the module or the locale cannot be loaded; the painted form then goes
 * on, as it does where the browser saves data, or has the slowest of connections.
 *
 * @param {Survey} survey
 * @param {(survey: Survey) => void} [adapt] adapts the painted form to the page, once all attributes are read
 */
export const begin = async (survey, adapt) => {
  const { saveData, effectiveType } = /** @type {any} */ (navigator).connection || {};
  // Beside the words, which are under way.
  const compiled = saveData || /2g/.test(effectiveType) ? undefined : module ||= compile();
  // It is awaited later.
  compiled?.catch(() => {});
  // First, so that it knows what was closed.
  remember(survey);
  if (follow(survey)) return;
  if (isOn(survey.set.layer)) import('./layer.js').then((layer) => layer.begin(survey)).catch(() => {});
  watch(survey);
  // tab.js has done so already.
  if (MODE != 'tab') label(survey);
  listenToTyping(survey);
  adapt?.(survey);
  // The texts could not be fetched, so the painted form stays.
  if (!survey.fetching) return;
  await survey.fetching;
  addPrivacy(survey);
  if (!compiled) return;
  // Each survey has its own instance. The instance is freed with the survey, together with listeners that Yew never
  // removes; and if one instance fails, the others continue.
  /** @type {Life} */
  const life = {};
  take(survey, await make()(await compiled, life), life);
};

/**
 * @param {Element} form
 */
const fields = (form) => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(':is(input, textarea, button, a):not(.further *)')]);

/**
 * Calls a function once no finger and no key is down.
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
  // The element asks about another order now.
  if (!root.contains(form)) return;
  // A customer who is writing or has pressed Send finishes in the painted form.
  if (root.querySelector('textarea:focus, .further :focus, [aria-disabled], .failed:not(:empty), .thanks')) return;
  // A tap that has begun would be lost.
  if (survey.down) return host.isConnected && setTimeout(take, 99, survey, mount, life);
  const place = document.createElement('div');
  // Yew yields to the browser while it renders. Until the swap the customer uses the painted form, which no longer sends
  // anything.
  let pressed = false;
  form.addEventListener('submit', () => pressed = true);
  /**
   * Replaces one form by the other. Both have the same fields in the same order, so the focus moves to the same field,
   * and a score, a text and a press of Send that the new form does not know yet are repeated in it.
   */
  const swap = (from = painted, /** @type {HTMLElement} */ to = place) => {
    const before = fields(from);
    const after = fields(to);
    const focused = before.indexOf(/** @type {HTMLInputElement} */ (root.activeElement));
    from.replaceWith(to);
    const tapped = after[before.findIndex((field) => field.checked)];
    if (!tapped?.checked) tapped?.click();
    before.forEach(({ localName, value }, index) => {
      const field = after[index];
      if (localName != 'textarea' || !field || field.value == value) return;
      field.value = value;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    });
    after[focused]?.focus({ preventScroll: true });
    if (pressed && from == painted) /** @type {HTMLElement | null} */ (to.querySelector('.send'))?.click();
  };
  // If the instance fails, the painted form continues with the score and the comment. It uses revisions that are higher
  // than any that the widget may have sent.
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
  let last = survey.pending; // the result of the last attempt

  /** @type {Handover} */
  const handover = {
    ...script.about(survey),
    attributes: Object.entries(survey.set).flatMap(([name, value]) => [value].flat().flatMap((item) => [name, item])),
    words: Object.entries(words).flat(), site: survey.site,
    endpoint: survey.endpoint.href, kind: survey.kind, shown_at: survey.shown_at,
    score, scored_at: survey.scored_at, layout: survey.layout, comment: text(),
    revision: survey.revision, sent_score: survey.sent_score, pending: !!survey.pending,
    arranged: () => arranged(survey),
    rest: /** @type {() => number} */ (survey.rest),
    write: (message) => script.serialize(survey, { ...message, ...factsOf(message), ...survey.said?.(message) }),
    attempt: (request, body) => last = script.attempt(survey, request, body),
    tell(event, score) {
      if (event == 'scored') see(survey);
      if (event == 'failed') {
        notTaken(survey.endpoint, last);
        // After a refusal the button with the focus is removed, in Chromium before this is known.
        const at = root.activeElement;
        last?.then((answer) => isRefusal(answer) && at?.matches('.send') && keepFocus(root, 'textarea', at), () => {});
      }
      tell(survey, event, score);
      if (event == 'submitted') keepFocus(root);
    },
    // The customer may have begun a tap while the widget rendered. In a task of its own: promises go on between two
    // listeners of one press, when ours may not know of it yet.
    swap: () => setTimeout(whenReleased, 0, survey, swap),
  };
  const widget = mount(place, handover);
  // From now on the widget sends.
  clearTimeout(survey.timer);
  survey.state = IDLE;
  survey.widget = widget;
  survey.pending?.then(widget);
};
