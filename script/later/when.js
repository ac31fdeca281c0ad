// @ts-check
// Whether and when a survey is shown, where the shop says more of that than `data-on`, or the survey opens by itself.
// Only such pages fetch it.
//
// `decide` is the whole rule of whether: it knows only what it is given, and build/tests.rs holds it against a table.
// The rest waits, remembers, and tells the page why nothing is shown. docs/WHEN.md has it all in words.
import { DEFAULTS, RULES } from 'built';
import { isOn, read } from '../attributes.js';
import { Promise } from '../engine.js';
import { SHOW, emit } from '../events.js';
import { mayKeep } from './keeping.js';

/** @import { AfterwordSkipReason } from '../afterword' */
/** @import { Host } from '../place.js' */
/** @import { Script, Settings, Survey } from '../survey.js' */

/**
 * What is remembered of a survey: how often it was shown, a number from 0 to 1 that was drawn for this customer, and
 * when it was last shown, closed unanswered, and answered, in milliseconds since 1970.
 *
 * @typedef {{ shows?: number, draw?: number, shown?: number, dismissed?: number, answered?: number }} History
 */

/**
 * What a decision depends on besides the attributes.
 *
 * @typedef Facts
 * @property {number} now in milliseconds since 1970
 * @property {string} path of the page
 * @property {Record<string, History>} memory of every survey, by its id
 * @property {boolean} consent whether the page has called `afterword.consent(true)`
 * @property {boolean} another whether another survey that opens by itself stands open on the page
 */

const DAY = 864e5; // ms
/** The entry of the storage. */
const KEY = 'afterword-memory';
/** So many surveys are remembered in a browser. */
const MAX_SURVEYS = 50;
/** A pointer that leaves the window so near to its top, in px, leaves it there. */
const TOP = 20;
/** So fast, in px a ms, somebody scrolls up who wants the address bar of a phone. */
const FAST = 1.5;
/** A page scrolls by itself for so long after a finger, in ms. */
const MOMENTUM = 300;

/**
 * Why a survey is not to be shown now, or nothing if it is.
 *
 * @param {Settings} set
 * @param {Facts} facts
 * @returns {AfterwordSkipReason | undefined}
 */
export const decide = (set, { now, path, memory, consent, another }) => {
  const { shows = 0, draw = 0, dismissed, answered } = memory[set.survey] || {};
  // A time that a wrong clock has put far ahead counts no more than one that is long past.
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

/** @param {Settings} set */
const opensItself = ({ mode }) => mode != 'inline';

/**
 * When a day begins by this browser's clock, or so many days later. Nothing is before or after no day.
 *
 * @param {string} [day]
 * @param {number} [more]
 */
const midnight = (day = '', more = 0) => {
  const [year, month, date] = day.split('-');
  return +new Date(+year, +month - 1, +date + more);
};

/**
 * Whether a path matches a pattern, in which `*` stands for anything. A slash at the end means nothing, nor does it
 * matter in which of them letters are encoded.
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
      // A lone `%`.
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
 * What is remembered as long as this page lives, where nothing can be stored; by `data-storage`, so that what must not
 * be stored is not taken along by a survey that may.
 *
 * @type {Record<string, Record<string, History>>}
 */
const fleeting = {};

/** @param {Survey} survey */
const storage = ({ set }) => window[/** @type {'localStorage'} */ (set.storage + 'Storage')];

/**
 * What is remembered for a survey.
 *
 * @param {Survey} survey
 * @returns {Record<string, History>}
 */
const recall = (survey) => {
  try {
    // It is somebody else's, or damaged, or there is none: then it is as if nothing were stored.
    if (mayKeep(survey)) return { ...JSON.parse(storage(survey).getItem(KEY) || '') };
  } catch {
    // There is no storage of this name, or it is blocked.
  }
  return fleeting[survey.set.storage] || {};
};

/**
 * Adds to what is remembered of a survey, and draws its number.
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
    // Blocked or full: the page remembers.
  }
};

/** Ends waits for a change. */
/** @type {(value?: any) => void} */
let changed;
/** Resolves when something changes that a decision depends on: the route, consent, a call of `afterword.context()`. */
let change = new Promise((resolve) => changed = resolve);
const announce = () => {
  changed();
  change = new Promise((resolve) => changed = resolve);
};

/**
 * The survey that opened by itself, of which there is one at a time.
 *
 * @type {HTMLElement | undefined}
 */
let standing;

/**
 * Has a survey be the one that stands open. When it is closed, there is room for another.
 *
 * @param {HTMLElement} host
 */
const stand = (host) => {
  standing = host;
  new MutationObserver(announce).observe(host, { attributes: true, attributeFilter: ['hidden'] });
};

let watches = false;

/**
 * Looks for changes. `history` is left alone, and nothing polls: where browsers do not tell of routes, those follow
 * what people do.
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
  // Routers may fetch something before.
  const soon = () => [0, 1e3].map((wait) => setTimeout(look, wait));
  const { navigation } = /** @type {any} */ (window);
  if (navigation) navigation.addEventListener('currententrychange', look);
  else {
    for (const type of ['popstate', 'hashchange']) addEventListener(type, look);
    for (const type of ['click', 'submit']) addEventListener(type, soon, true);
  }
  addEventListener('afterword:context', announce);
  addEventListener('afterword:consent', () => {
    // Taken back, what was stored goes.
    if (!hasConsent()) {
      for (const kind of /** @type {const} */ (['localStorage', 'sessionStorage'])) {
        try {
          window[kind].removeItem(KEY);
        } catch {
          // Blocked: nothing is there.
        }
      }
    }
    announce();
  });
};

/**
 * Resolves once all that the shop waits for has happened.
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
  // Nothing opens by itself in a tab that nobody sees, nor on a page that is rendered ahead.
  wait(opensItself(set), (resolve) => {
    const look = () => document.visibilityState == 'visible' && resolve();
    addEventListener('visibilitychange', look, options);
    look();
  });
  // Before the page has loaded, what there is of it has another height.
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
    // It may come later, and be made anew.
    const page = new MutationObserver(look);
    try {
      look();
      page.observe(document, { childList: true, subtree: true });
    } catch {
      console.warn(`afterword: data-when-visible="${selector}" is ignored; allowed: a CSS selector`);
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
 * Resolves when a survey is to be shown: nothing speaks against it, and all that the shop waits for has happened.
 * `afterword.open()` shows it in spite of everything but a consent that is missing.
 *
 * @param {Survey} survey
 * @param {(survey: Pick<Survey, 'host' | 'set'>, hear: (message?: unknown) => void) => void} listen see moment.js
 */
export const moment = async (survey, listen) => {
  const { host, script, id } = survey;
  watch(script);
  const own = read(survey.attributes, RULES);
  // Files that come later have no rules for these.
  const isWrong = (/** @type {string} */ name) => own[name] == null && host.getAttribute('data-' + name)?.trim();
  if (Object.keys(RULES).some(isWrong)) import('./say.js').then((say) => say.begin(survey)).catch(() => {});
  // afterword.js has no rules for these, and took some as they stand.
  const set = { ...survey.set };
  for (const name in RULES) set[name] = own[name];
  survey.set.mode = set.mode ||= DEFAULTS.mode;

  let isOpened = false;
  let open = () => {};
  /** @type {Promise<boolean>} */
  const opened = new Promise((resolve) => open = () => resolve(isOpened = true));
  const asked = new Promise((resolve) => listen({ host, set: { on: set.on || KEY } }, (message) => {
    if (message == SHOW) open();
    resolve(0);
  }));
  host.addEventListener('afterword:scored', () => remember(survey, { answered: Date.now() }));
  host.addEventListener('afterword:dismissed', (/** @type {any} */ { detail }) => {
    if (detail.score == null) remember(survey, { dismissed: Date.now() });
  });
  // Also if it leaves this customer out.
  if (set.sample) remember(survey, {});

  const judge = () => {
    const reason = decide(set, {
      now: Date.now(), path: location.pathname, memory: recall(survey), consent: script.hasConsent(),
      another: standing != host && !!standing?.isConnected && !standing.hidden,
    });
    return isOpened && reason != 'consent' ? undefined : reason;
  };
  // What two tabs and two surveys must not do at once. Written before the question is painted.
  const enter = () => {
    const reason = judge();
    if (!reason) {
      const { shows = 0 } = recall(survey)[set.survey] || {};
      remember(survey, { shows: shows + 1, shown: Date.now() });
      if (opensItself(set)) stand(host);
    }
    return reason;
  };
  let told = '';
  for (;;) {
    // It was taken out of the page meanwhile: when it comes back, it begins anew.
    if (!host.isConnected) {
      /** @type {Host} */ (host).started = undefined;
      return new Promise(() => {});
    }
    const next = change;
    let reason = judge();
    if (!reason) {
      const end = new AbortController();
      const isDue = isOpened || await Promise.race([
        Promise.all([set.on && asked, triggers(survey, set, end.signal)]),
        opened,
        next,
      ]);
      end.abort();
      // On another route all of it begins anew.
      if (!isDue || !host.isConnected) continue;
      reason = set.storage && navigator.locks
        ? await navigator.locks.request(KEY, enter).catch(enter)
        : enter();
      if (!reason) return;
    }
    const decision = reason + location.href;
    if (decision != told) {
      told = decision;
      /** @type {Host} */ (host).skipped = reason;
      emit(host, 'skipped', { id, survey: set.survey, reason });
      if (isOn(set.debug)) import('./say.js').then((say) => say.skipped(set.survey, reason)).catch(() => {});
    }
    await Promise.race(isOpened ? [change] : [change, opened]);
  }
};
