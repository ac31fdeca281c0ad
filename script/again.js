// @ts-check
// What the script fetches if one of its files is missing: `later` in files.js. A browser or a cache may keep the script for
// longer than the server keeps the folder of its release. This file lies beside the script, under a name that stays.
//
// It is of the present release, and contains all of the script. It starts each survey whose files are gone anew, in the same
// place and with the same id, so that what was answered already counts once; and it has the browser fetch the script itself
// anew, for the next page. Where the files are missing although the release is the same, it only says that a score is saved.
//
// The script that fetches it may be of an earlier release. So the names of a survey's members stay, and so do the letters that
// the build gives to some of them: see SHORTENED in build/main.rs.
import { FOLDER, SAVED } from 'built';
import { consent } from './consent.js';
import { FAILED, IDLE } from './delivery.js';
import { emit, notifyAll, surveys } from './events.js';
import { face } from './face.js';
import { begin as beginFile } from './files.js';
import { place as placeElsewhere } from './later/elsewhere.js';
import { NAME } from './place.js';
import { script, start } from './survey.js';

/** @import { Host } from './place.js' */
/** @import { Revision, Survey } from './survey.js' */

// If the answers of a survey go out as a form, they must not go out otherwise.
export { flat } from './later/flat.js';

/** The time between two looks at a survey that waits for something, in ms. */
const PAUSE = 100;

/** The elements that were started anew. This happens once. @type {WeakSet<HTMLElement>} */
const renewed = new WeakSet();

/** The surveys as the earlier script has painted them. @type {WeakMap<HTMLElement, Survey>} */
const painted = new WeakMap();

/**
 * The elements that the present script has not taken over yet. What the earlier one says of its missing files until then is
 * no failure of the survey.
 *
 * @type {WeakSet<EventTarget>}
 */
const mending = new WeakSet();

/** Whether the script has asked for the very folder of this release. */
const isPresent = performance.getEntriesByType('resource').some(({ name }) => name.includes(`/${FOLDER}`));

const { moment } = script;
// What was painted already does not wait for its moment again.
script.moment = (survey) => {
  const before = painted.get(survey.host);
  if (!before) return moment(survey);
  survey.id = before.id;
};

/**
 * Says that a painted survey's score is saved, once it is, unless the survey has got its comment box meanwhile.
 *
 * @param {Survey} survey
 */
const acknowledge = (survey) => {
  const { root, form, locale, set, state, sent_score } = survey;
  if (survey.widget || state == FAILED || root.querySelector('textarea, .thanks')) return;
  if (state || sent_score == null) {
    setTimeout(acknowledge, PAUSE, survey);
    return;
  }
  const words = set.address == 'informal' && SAVED[locale + '-informal'] || SAVED[locale];
  /** @type {HTMLElement} */ (form.lastChild).textContent = words.replace('{score}', `${sent_score}`);
};

/**
 * Starts the survey of an element, like afterword.js.
 *
 * @param {Host} host
 */
const run = (host) => {
  surveys.add(host);
  return host.started = start(host).catch(() => {
    mending.delete(host);
    host.hidden = true;
    host.style.display = 'none';
    emit(host, 'failed');
  });
};

/**
 * Replaces the element of a survey that could not be shown.
 *
 * @param {Host} host
 */
const replace = (host) => {
  const fresh = /** @type {Host} */ (host.cloneNode());
  fresh.hidden = false;
  fresh.style.display = '';
  fresh.isPlaced = host.isPlaced;
  // The element's class is that of the earlier script, which starts what has not started.
  fresh.started = Promise.resolve();
  renewed.add(fresh);
  host.isPlaced = undefined;
  host.replaceWith(fresh);
  run(fresh);
};

/**
 * Starts a painted survey anew in its element, and repeats there what the customer has chosen.
 *
 * @param {Survey} survey
 */
const repaint = async (survey) => {
  const { host, root, shown_at, script: { hasConsent } } = survey;
  // A tap that has begun would be lost. In a task of its own, as the widget's swap in later/takeover.js.
  let pause = 0;
  mending.add(host);
  do {
    await new Promise((then) => setTimeout(then, pause));
    pause = PAUSE;
  } while (survey.down);
  // It was removed or closed, or other files of it have arrived.
  if (!host.isConnected || host.hidden || survey.widget || root.querySelector('textarea, .thanks')) return mending.delete(host);
  painted.set(host, survey);
  if (hasConsent()) consent(true);
  /** @type {string | null | undefined} */
  let focused;
  // An element keeps its first root for ever.
  host.attachShadow = () => {
    focused = root.activeElement?.getAttribute('value');
    // From now on the earlier script neither listens nor sends, and what it says the page does not hear.
    clearTimeout(survey.timer);
    survey.host = document.createElement('div');
    mending.delete(host);
    survey.state = IDLE;
    survey.widget = () => {};
    root.replaceChildren();
    root.adoptedStyleSheets = [];
    return root;
  };
  const fresh = await run(host);
  painted.delete(host);
  if (!fresh) return;
  const { score, scored_at } = survey;
  /** @param {unknown} value */
  const field = (value) => /** @type {HTMLElement | null} */ (fresh.form.querySelector(`[value="${value}"]`));
  fresh.shown_at = shown_at;
  // The widget has to know what was sent, and whether it has arrived.
  fresh.revision = survey.revision;
  fresh.sent_score = survey.sent_score;
  fresh.pending = survey.pending;
  field(focused)?.focus({ preventScroll: true });
  if (score == null) return;
  field(score)?.click();
  fresh.scored_at = scored_at;
};

/**
 * In the place of a missing mode or form: starts the painted survey anew, and of what is begun without a survey, the self-check.
 *
 * @param {Partial<Survey>} [survey]
 */
export const begin = (survey) => {
  if (!survey) return beginFile('check');
  const { host, form } = survey;
  if (isPresent || !host || !form || renewed.has(host)) return;
  renewed.add(host);
  return repaint(/** @type {Survey} */ (survey));
};

/**
 * In the place of a missing form.js.
 *
 * @param {Survey} survey
 */
export const complete = (survey) => {
  begin(survey);
  acknowledge(survey);
  return () => acknowledge(survey);
};

/**
 * In the place of a missing mode, where nothing must be painted in the wrong place; or of elsewhere.js.
 *
 * @param {any} host
 * @param {any} tag
 * @param {Promise<void>} [quiet]
 */
export const place = (host, tag, quiet) => {
  if (!quiet) throw 0;
  return placeElsewhere(host, tag, quiet);
};

/** @type {WeakSet<Promise<unknown>>} */
const watched = new WeakSet();

/** Looks for surveys that could not be shown, now or later. */
const look = () => {
  for (const host of /** @type {NodeListOf<Host>} */ (document.querySelectorAll(NAME))) {
    const { started } = host;
    if (!started || watched.has(started)) continue;
    watched.add(started);
    started.then((survey) => {
      if (survey || renewed.has(host) || !host.isConnected || host.style.display != 'none') return;
      renewed.add(host);
      replace(host);
    });
  }
};

// The files of the comment cannot be had.
addEventListener('afterword:failed', async (event) => {
  const host = /** @type {Host} */ (event.target);
  if (mending.has(host)) return event.stopImmediatePropagation();
  const survey = await host.started;
  if (survey) acknowledge(survey);
}, true);

if (!isPresent) {
  console.warn('afterword: the browser had a script of an earlier release, whose folder is gone; the present one continues');
  const earlier = /** @type {any} */ (window.afterword);
  const own = /** @type {any} */ (face);
  // Other surveys of the page may have all files that they need.
  for (const name of ['open', 'close', 'consent', 'context']) {
    const now = own[name];
    own[name] = (/** @type {any[]} */ ...given) => {
      now(...given);
      earlier?.[name]?.(...given);
    };
  }
  window.afterword = face;
  for (const type of ['pagehide', 'pageshow', 'online', 'visibilitychange']) addEventListener(type, notifyAll);
  look();
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  const names = performance.getEntriesByType('resource').map(({ name }) => name);
  const scripts = [...document.scripts].map(({ src }) => src);
  for (const address of new Set([...scripts, ...names])) {
    if (/\/afterword[^/]*js$/.test(address)) fetch(address, { cache: 'reload', mode: 'no-cors', credentials: 'include' }).catch(() => {});
  }
}
