// @ts-check
// Decides whether and when a survey is shown, if the shop has set more than `data-on`, or the survey opens by itself.
// Only such pages fetch this file.
//
// `decide` decides whether a survey may be shown. It is a pure function, and build/tests.rs compares it with a table.
// The other functions wait for triggers, store the history, and tell the page why nothing is shown. docs/WHEN.md
// describes all rules.
import { DEFAULTS, RULES } from 'built';
import { isOn, read } from '../attributes.js';
import { Promise } from '../engine.js';
import { SHOW, emit } from '../events.js';
import { asksEverywhere, opensItself } from './everywhere.js';
import { mayKeep } from './keeping.js';

/** @import { AfterwordSkipReason } from '../afterword' */
/** @import { Host } from '../place.js' */
/** @import { Script, Settings, Survey } from '../survey.js' */

/**
 * The history of a survey in this browser: how often it was shown, a random number from 0 to 1 for this customer, and
 * when it was last shown, closed unanswered, and answered, in milliseconds since 1970.
 *
 * @typedef {{ shows?: number, draw?: number, shown?: number, dismissed?: number, answered?: number }} History
 */

/**
 * The facts that a decision depends on, apart from the attributes.
 *
 * @typedef Facts
 * @property {number} now in milliseconds since 1970
 * @property {string} path of the page
 * @property {Record<string, History>} memory the history of every survey, by its id
 * @property {boolean} consent whether the page has called `afterword.consent(true)`
 * @property {boolean} [another] whether another survey that stands over the page is open
 */

const DAY = 864e5; // ms
/** The key in the browser's storage. */
const KEY = 'afterword-memory';
/** The largest number of surveys whose history a browser keeps. */
const MAX_SURVEYS = 50;
/** The distance from the window's top, in px, within which a pointer that leaves the window counts as leaving at the top. */
const TOP = 20;
/** The speed of scrolling up, in px per ms, that counts as reaching for the address bar of a phone. */
const FAST = 1.5;
/** For how long a tab keeps the lock after it has written the history, in ms: other tabs get what was written later. */
const PROPAGATION = 400;
/** For how long a page keeps scrolling after a finger has left it, in ms. */
const MOMENTUM = 300;

/**
 * Returns the reason why a survey must not be shown now, or nothing if it may be shown.
 *
 * @param {Settings} set
 * @param {Facts} facts
 * @returns {AfterwordSkipReason | undefined}
 */
export const decide = (set, { now, path, memory, consent, another }) => {
  const { shows = 0, draw = 0, dismissed, answered } = memory[set.survey] || {};
  // A wrong clock may have stored a time in the far future. It counts as little as one in the distant past.
  /** @param {any} time @param {any} days */
  const isWithin = (time, days) => Math.abs(now - time) < days * DAY;
  /** @param {string} pattern */
  const isHere = (pattern) => matches(pattern, path);
  if (set.consent == 'required-to-show' && !consent) return 'consent';
  if (set.include?.some(isHere) == false || set.exclude?.some(isHere)) return 'page';
  if (now < midnight(set.from, 0) || now >= midnight(set.until, 1)) return 'date';
  if (draw >= set.sample) return 'sample';
  if (isWithin(answered, set['repeat-after'])) return 'answered';
  if (isWithin(dismissed, set.snooze)) return 'snoozed';
  if (shows >= set['max-shows']) return 'max-shows';
  if (Object.values(memory).some((other) => isWithin(other?.shown, set.gap))) return 'gap';
  if (another && opensItself(set)) return 'another';
};

/**
 * The time at which a day begins by this browser's clock, or `more` days later. Without a day it is NaN, with which every
 * comparison is false.
 *
 * @param {string} [day]
 * @param {number} [more]
 */
const midnight = (day = '', more = 0) => {
  const [year, month, date] = /** @type {any[]} */ (day.split('-'));
  return +new Date(year, month - 1, +date + more);
};

/**
 * Whether a path matches a pattern, in which `*` stands for any text. A slash at the end is ignored. Letters may be
 * percent-encoded in either of them.
 *
 * @param {string} pattern
 * @param {string} path
 */
export const matches = (pattern, path) => {
  /** @param {string} text */
  const bare = (text) => {
    try {
      text = decodeURI(text);
    } catch {
      // It contains a `%` that encodes nothing.
    }
    return text.replace(/(.)\/$/, '$1');
  };
  const [start, ...parts] = bare(pattern).split('*');
  const end = parts.pop();
  const whole = bare(path);
  if (end == null) return whole == start;
  let at = start.length;
  for (const part of parts) {
    const found = whole.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return whole.startsWith(start) && whole.endsWith(end) && whole.length - end.length >= at;
};

/**
 * The histories while this page is open, for surveys that may not store anything. They are separated by `data-storage`,
 * so that a survey that may store something does not store the history of one that may not.
 *
 * @type {Record<string, Record<string, History>>}
 */
const fleeting = {};

/** @param {Survey} survey */
const storage = ({ set }) => window[/** @type {'localStorage'} */ (set.storage + 'Storage')];

/**
 * The histories that a survey may read.
 *
 * @param {Survey} survey
 * @returns {Record<string, History>}
 */
const recall = (survey) => {
  try {
    // If the entry is missing, damaged or written by another program, this throws, and nothing counts as stored.
    if (mayKeep(survey)) return { ...JSON.parse(storage(survey).getItem(KEY) || '') };
  } catch {
    // There is no such entry, or the storage is blocked.
  }
  return fleeting[survey.set.storage] || {};
};

/**
 * Updates the history of a survey, and draws its random number if it has none.
 *
 * @param {Survey} survey
 * @param {History} news
 */
const remember = (survey, news) => {
  const { survey: id, storage: kind } = survey.set;
  const { [id]: known, ...others } = recall(survey);
  const entries = Object.entries(others).slice(1 - MAX_SURVEYS);
  const memory = fleeting[kind] = Object.fromEntries([...entries, [id, { draw: Math.random(), ...known, ...news }]]);
  try {
    if (mayKeep(survey)) storage(survey).setItem(KEY, JSON.stringify(memory));
  } catch {
    // The storage is blocked or full: `fleeting` still has the history.
  }
};

/** Resolves `change`. */
/** @type {(value?: any) => void} */
let changed;
/** Resolves when a fact changes that decisions depend on: the route, consent, or a call of `afterword.context()`. */
let change = new Promise((resolve) => changed = resolve);
const announce = () => {
  changed();
  change = new Promise((resolve) => changed = resolve);
};

/**
 * The survey that has opened by itself. There is at most one at a time.
 *
 * @type {HTMLElement | undefined}
 */
let standing;

let watches = false;

/**
 * Watches for changes of the facts. It neither patches `history` nor polls. In browsers without the Navigation API it
 * compares the address after clicks and submits, since routes change after them.
 *
 * @param {Script} script
 */
const watch = ({ hasConsent }) => {
  if (watches) return;
  watches = true;
  let here = location.href;
  const look = () => {
    if (here == location.href) return;
    here = location.href;
    announce();
  };
  // A router may fetch data before it changes the address.
  const soon = () => [0, 1e3].map((wait) => setTimeout(look, wait));
  const { navigation } = /** @type {any} */ (window);
  if (navigation) navigation.addEventListener('currententrychange', look);
  else {
    for (const type of ['popstate', 'hashchange']) addEventListener(type, look);
    for (const type of ['click', 'submit']) addEventListener(type, soon, true);
  }
  addEventListener('afterword:context', announce);
  addEventListener('afterword:consent', () => {
    // Consent was withdrawn, so everything stored is deleted.
    if (!hasConsent()) {
      for (const kind of /** @type {const} */ (['localStorage', 'sessionStorage'])) {
        try {
          window[kind].removeItem(KEY);
        } catch {
          // The storage is blocked, so nothing is stored.
        }
      }
    }
    announce();
  });
};

/**
 * Resolves once all triggers that the shop has set have happened.
 *
 * @param {Survey} survey
 * @param {Settings} set
 * @param {AbortSignal} signal ends the wait
 */
const triggers = ({ script }, set, signal) => {
  const options = { capture: true, passive: true, signal };
  /** @type {Promise<unknown>[]} */
  const all = [];
  /** @param {any} isWanted @param {(resolve: (value?: any) => void) => void} begin */
  const wait = (isWanted, begin) => isWanted && all.push(new Promise(begin));
  wait(set.mode == 'manual', () => {});
  wait(set.delay, (resolve) => setTimeout(resolve, set.delay * 1e3));
  // Nothing opens by itself in a hidden tab, or on a page that is being prerendered.
  wait(opensItself(set), (resolve) => {
    const look = () => document.visibilityState == 'visible' && resolve();
    addEventListener('visibilitychange', look, options);
    look();
  });
  // Before the page has loaded, its height is not final.
  wait(set.scroll, (resolve) => script.quiet.then(() => {
    const look = () => {
      const { scrollHeight } = document.documentElement;
      if (scrollY >= (scrollHeight - innerHeight) * set.scroll / 100 - 1) resolve();
    };
    addEventListener('scroll', look, options);
    look();
  }));
  wait(isOn(set['exit-intent']), (resolve) => {
    addEventListener('mouseout', ({ clientY, relatedTarget }) => {
      if (!relatedTarget && clientY < TOP) resolve();
    }, options);
    let touched = 0;
    let last = scrollY;
    let then = 0;
    addEventListener('touchmove', () => touched = performance.now(), options);
    addEventListener('scroll', () => {
      const now = performance.now();
      if (touched && now - touched < MOMENTUM && last - scrollY > FAST * (now - then)) resolve();
      last = scrollY;
      then = now;
    }, options);
  });
  const selector = set['when-visible'];
  wait(selector, (resolve) => {
    const view = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && resolve());
    /** @type {Element | null} */
    let seen = null;
    const look = () => {
      const element = document.querySelector(selector);
      if (element == seen) return;
      view.disconnect();
      seen = element;
      if (seen) view.observe(seen);
    };
    // The element may appear later, or be replaced.
    const page = new MutationObserver(look);
    try {
      look();
      page.observe(document, { childList: true, subtree: true });
    } catch {
      import('./say.js').then((say) => say.ignore('when-visible', selector)).catch(() => {});
      resolve();
    }
    signal.onabort = () => {
      page.disconnect();
      view.disconnect();
    };
  });
  return Promise.all(all);
};

/**
 * Resolves when a survey is to be shown: no rule forbids it, and all triggers have happened. `afterword.open()` shows it
 * in any case, unless consent is missing.
 *
 * @param {Survey} survey
 * @param {(survey: Pick<Survey, 'host' | 'set'>, hear: (message?: unknown) => void) => void} listen see moment.js
 */
export const moment = async (survey, listen) => {
  const { host, script, id } = survey;
  watch(script);
  const own = read(survey.attributes, RULES);
  // Only this file has rules for these attributes, so it warns about wrong values.
  const isWrong = (/** @type {string} */ name) => own[name] == null && host.getAttribute('data-' + name)?.trim();
  if (Object.keys(RULES).some(isWrong)) import('./say.js').then((say) => say.begin(survey)).catch(() => {});
  // afterword.js has no rules for these attributes, so it may have read unchecked values.
  const set = { ...survey.set };
  for (const name in RULES) set[name] = own[name];
  survey.set.mode = set.mode ||= DEFAULTS.mode;
  if (asksEverywhere(set)) import('./say.js').then((say) => say.everywhere()).catch(() => {});

  /** @type {() => void} */
  let open;
  /** @type {Promise<boolean>} */
  const opened = new Promise((resolve) => open = () => resolve(survey.isOpen = true));
  /** @type {Promise<void>} */
  const asked = new Promise((resolve) => listen(survey, (message) => {
    if (message == SHOW) open();
    resolve();
  }));
  host.addEventListener('afterword:scored', () => remember(survey, { answered: Date.now() }));
  host.addEventListener('afterword:dismissed', (/** @type {any} */ event) => event.detail.score == null && remember(survey, { dismissed: Date.now() }));
  // The random number is stored even if this customer is not in the sample.
  if (set.sample) remember(survey, {});

  const judge = () => {
    const reason = decide(set, {
      now: Date.now(), path: location.pathname, memory: recall(survey), consent: script.hasConsent(),
      another: standing != host && standing?.isConnected && !standing.hidden,
    });
    return survey.isOpen && reason != 'consent' ? undefined : reason;
  };
  const stand = () => {
    const { shows = 0 } = recall(survey)[set.survey] || {};
    remember(survey, { shows: shows + 1, shown: Date.now() });
    if (set.mode != 'inline') {
      // When it is closed, another may open.
      standing = host;
      new MutationObserver(announce).observe(host, { attributeFilter: ['hidden'] });
    }
  };
  // A lock around this function keeps two tabs or two surveys from opening at the same time. The history is written
  // before the question is painted.
  const enter = () => {
    const reason = judge();
    if (reason) return reason;
    // Behind a tab the question is shown once the customer opens it.
    if (set.mode == 'tab') host.addEventListener('afterword:shown', stand);
    else stand();
  };
  /** @param {(reason?: AfterwordSkipReason) => void} resolve */
  const enterInTurn = (resolve) => navigator.locks.request(KEY, () => {
    resolve(enter());
    return new Promise((end) => setTimeout(end, PROPAGATION));
  }).catch(() => resolve(enter()));
  let told = '';
  for (;;) {
    // The element was removed from the page meanwhile. When it is inserted again, the survey starts again.
    if (!host.isConnected) {
      /** @type {Host} */ (host).started = undefined;
      return new Promise(() => {});
    }
    const next = change;
    let reason = judge();
    if (!reason) {
      const end = new AbortController();
      const isDue = survey.isOpen || await Promise.race([
        Promise.all([set.on && asked, triggers(survey, set, end.signal)]),
        opened,
        next,
      ]);
      end.abort();
      // A fact has changed, such as the route: decide again.
      if (!isDue || !host.isConnected) continue;
      reason = set.storage && navigator.locks ? await new Promise(enterInTurn) : enter();
      if (!reason) return;
    }
    const decision = reason + location.href;
    if (decision != told) {
      told = decision;
      /** @type {Host} */ (host).skipped = reason;
      emit(host, 'skipped', { id, survey: set.survey, reason });
      if (isOn(set.debug)) import('./say.js').then((say) => say.skipped(set.survey, reason)).catch(() => {});
    }
    await Promise.race(survey.isOpen ? [change] : [change, opened]);
  }
};
