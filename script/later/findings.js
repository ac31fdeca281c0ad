// @ts-check
// The findings of the self-check. A part of check.js. It fetches files and requests the endpoint's address, but sends
// and stores nothing.
import { ALLOWED, FOLDER, RELEASE } from 'built';
import { contrast, ink } from './colours.js';
import { asksEverywhere } from './everywhere.js';
import { mayKeep } from './keeping.js';
import { entry, readAll } from './settings.js';

/** @import { Bringer } from '../home.js' */
/** @import { Host } from '../place.js' */
/** @import { Settings, Survey } from '../survey.js' */

/**
 * A finding: a key of PHRASES, how bad it is, and the facts for its text.
 *
 * @typedef Finding
 * @property {string} key
 * @property {'good' | 'note' | 'bad'} state
 * @property {Record<string, string | number>} [facts]
 */

/**
 * The script's tag, and the folder of its files.
 *
 * @typedef {{ tag?: Bringer | null, base?: URL }} Origin
 */

/** Attributes whose values may identify a person or an order. Their values are shown shortened. */
const REFERENCES = /^(order-id|customer-id|prop-|header-|signature)/;

/**
 * An attribute's value, shortened for the panel.
 *
 * @param {string} name
 * @param {string | string[]} value
 */
export const shorten = (name, value) => {
  const text = `${value}`;
  return REFERENCES.test(name) && text.length > 2 ? `${text.slice(0, 2)}…` : text.slice(0, 80);
};

/**
 * Sends a GET request, and finds out whether the page's content security policy or something else stopped it.
 *
 * @param {URL | string} address
 * @returns {Promise<'answers' | 'reached' | 'refused' | 'lost'>}
 */
const ask = async (address) => {
  let isRefused = false;
  /** @param {SecurityPolicyViolationEvent} event */
  const refused = ({ effectiveDirective }) => isRefused ||= /connect-src|default-src/.test(effectiveDirective);
  document.addEventListener('securitypolicyviolation', refused);
  /** @param {RequestMode} mode */
  const get = (mode) => fetch(address, { mode, credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout?.(8e3) });
  try {
    const { status } = await get('cors');
    return status < 500 ? 'answers' : 'reached';
  } catch {
    // The event about the violation comes in a later task.
    await new Promise((then) => setTimeout(then, 50));
    if (isRefused) return 'refused';
    return await get('no-cors').then(() => 'reached', () => 'lost');
  } finally {
    document.removeEventListener('securitypolicyviolation', refused);
  }
};

/**
 * What a server sends in the place of the widget, for example its page for addresses that do not exist; nothing if it sends the
 * widget. Its bytes decide, since a wrong content type does no harm: see takeover.js.
 *
 * @param {URL} address
 * @returns {Promise<{ file?: string, status?: number, type?: string } | undefined>}
 */
const wrongFile = async (address) => {
  const answer = await fetch(address, { credentials: 'omit', cache: 'no-store' });
  const [zero, a, s, m] = new Uint8Array(await answer.arrayBuffer());
  if (answer.ok && zero == 0 && String.fromCharCode(a, s, m) == 'asm') return;
  return { file: address.pathname, status: answer.status, type: answer.headers.get('content-type') || '–' };
};

/** Whether the page allows WebAssembly: instantiates the smallest module, in the same way as the widget. */
const runsWasm = async () => {
  try {
    return !!await WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return false;
  }
};

/** Whether the browser wants to save data, or has a slow connection. */
const isSparing = () => {
  const { saveData, effectiveType } = /** @type {any} */ (navigator).connection || {};
  return saveData || /2g/.test(effectiveType);
};

/**
 * The findings about the page.
 *
 * @param {Origin} origin
 * @param {Host[]} hosts
 * @returns {Promise<Finding[]>}
 */
export const ofPage = async ({ tag, base }, hosts) => {
  /** @type {Finding[]} */
  const found = [];
  const src = tag?.src || location.href;
  found.push(base
    ? { key: 'tag', state: 'good', facts: { src, release: RELEASE } }
    : { key: 'bundled', state: 'bad', facts: { src } });
  if (hosts[0]) found.push({ key: 'place', state: 'good', facts: { count: hosts.length } });
  else found.push({ key: /** @type {any} */ (tag)?.parentElement == document.head ? 'head' : 'absent', state: 'bad' });
  if (base) {
    const address = new URL(FOLDER + 'widget_bg.wasm', base);
    const wrong = await ask(address) == 'answers' ? await wrongFile(address) : {};
    found.push({ key: wrong ? wrong.type ? 'wrong-file' : 'blocked' : 'files', state: wrong ? 'bad' : 'good', facts: { origin: base.origin, ...wrong } });
  }
  found.push(!await runsWasm() ? { key: 'no-wasm', state: 'note' } : { key: isSparing() ? 'sparing' : 'wasm', state: isSparing() ? 'note' : 'good' });
  return found;
};

/**
 * The finding whether a survey is shown, or why it is not.
 *
 * @param {Host} host
 * @param {Settings} set
 * @param {Survey | void} survey
 * @returns {Finding}
 */
const standing = (host, set, survey) => {
  if (survey) return host.hasAttribute('hidden') ? { key: 'closed', state: 'note' } : { key: 'shown', state: 'good' };
  if (host.skipped) return { key: host.skipped, state: 'note', facts: { path: location.pathname } };
  if (host.hidden) return { key: 'failed', state: 'bad' };
  const waits = ['on', 'delay', 'scroll', 'exit-intent', 'when-visible'].filter((name) => set[name] != null);
  return { key: 'waiting', state: 'note', facts: { waits: waits.map((name) => 'data-' + name).join(', ') || 'afterword.open()' } };
};

/**
 * The findings about one survey.
 *
 * @param {Host} host
 * @param {Survey | void} survey once it is painted
 * @param {URL | undefined} base
 * @param {boolean | undefined} consent whether the page has given consent, if that is known
 * @returns {Promise<{ set: Settings, found: Finding[] }>}
 */
export const ofSurvey = async (host, survey, base, consent) => {
  const { set, faults } = readAll(host.attributes);
  /** @type {Finding[]} */
  const found = [standing(host, set, survey)];
  for (const { name, value } of faults) {
    found.push({ key: 'ignored', state: 'bad', facts: { name, value: value.slice(0, 80), allowed: ALLOWED[entry(name) || ''] } });
  }
  if (!faults[0]) found.push({ key: 'settled', state: 'good' });

  const endpoint = new URL(set.endpoint || new URL('v1/responses', base), document.baseURI);
  const answer = await ask(endpoint);
  const keys = /** @type {const} */ ({ answers: 'endpoint', reached: 'reachable', refused: 'refused', lost: 'unreachable' });
  found.push({
    key: keys[answer], state: answer == 'answers' ? 'good' : answer == 'reached' ? 'note' : 'bad',
    facts: { endpoint: endpoint.origin + endpoint.pathname, origin: endpoint.origin },
  });

  found.push(set['order-id']
    ? { key: 'order', state: 'good', facts: { order: shorten('order-id', set['order-id']) } }
    : { key: 'no-order', state: 'note' });
  if (set.accent) found.push(accent(set.accent, host));
  found.push(storage(set, consent));
  return { set, found };
};

/**
 * @param {string} colour in any syntax of CSS
 * @param {HTMLElement} host
 * @returns {Finding}
 */
const accent = (colour, host) => {
  const probe = document.createElement('span');
  /** @param {string} value */
  const read = (value) => {
    probe.style.color = `color-mix(in srgb,${value},${value})`;
    return (getComputedStyle(probe).color.match(/-?[\d.]+(e-?\d+)?/g) || []).map(Number);
  };
  host.after(probe);
  const fill = read(colour);
  let ground = 'Canvas';
  for (let at = host.parentElement; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (!/, 0\)$|transparent/.test(backgroundColor)) {
      ground = backgroundColor;
      break;
    }
  }
  const against = contrast(fill, read(ground));
  const letters = contrast(fill, ink(fill));
  probe.remove();
  return against < 3
    ? { key: 'weak', state: 'note', facts: { accent: colour, ratio: against.toFixed(1), ground } }
    : { key: 'accent', state: 'good', facts: { accent: colour, ratio: letters.toFixed(1) } };
};

/**
 * @param {Settings} set
 * @param {boolean | undefined} consent
 * @returns {Finding}
 */
const storage = (set, consent) => {
  const { storage: kind = 'none', mode = 'inline' } = set;
  if (kind == 'none') {
    return asksEverywhere({ ...set, mode }) ? { key: 'everywhere', state: 'bad' } : { key: 'stateless', state: 'good' };
  }
  let isBlocked = false;
  try {
    isBlocked = !window[/** @type {'localStorage'} */ (kind + 'Storage')];
  } catch {
    isBlocked = true;
  }
  const script = /** @type {any} */ ({ hasConsent: () => consent });
  const reason = isBlocked ? 2 : mayKeep({ set, script }) ? -1 : /^required/.test(set.consent) ? 0 : 1;
  return reason < 0 ? { key: 'kept', state: 'good', facts: { kind } } : { key: 'not-kept', state: 'note', facts: { kind, why: reason } };
};

