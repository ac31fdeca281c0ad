// @ts-check
// Stores revisions that have not arrived in the browser, until a later page of the shop, in any tab, has sent them.
// Fetched only if the shop sets data-storage.
//
// Each response has one entry under its own key, so that tabs never overwrite each other's entries. The page that
// is sending a response locks it (Web Locks; released when the page closes). Without Web Locks (pages without
// https) it renews a lease of 10 seconds. Other pages send only what is neither locked nor leased.

import { RETRYABLE } from 'built';
import { mayKeep } from './keeping.js';

/**
 * An entry of the storage.
 *
 * @typedef Entry
 * @property {number} at when it was stored, in milliseconds since 1970
 * @property {string} url
 * @property {[string, string][]} headers
 * @property {string} body
 * @property {number} lease until when the page that is sending it has the lease, in milliseconds since 1970
 */

/** @import { Keep, Script, Survey } from '../survey.js' */

const PREFIX = 'afterword:';
const EXPIRES = 30 * 864e5; // days, in ms
const MAX_ENTRIES = 20;
const MAX_BODY = 2e4; // characters
const LEASE = 1e4; // ms

/** The fields that are never stored: how to answer the customer, and their name. */
const PRIVATE = ['contact', 'quote_name'];

/**
 * A body as it may be stored, in JSON or as a form.
 *
 * @param {string} body
 */
const withoutPrivate = (body) => {
  if (!PRIVATE.some((name) => body.includes(name))) return body;
  if (body.startsWith('{')) {
    const message = JSON.parse(body);
    for (const name of PRIVATE) delete message[name];
    return JSON.stringify(message);
  }
  const form = new URLSearchParams(body);
  for (const name of PRIVATE) form.delete(name);
  return `${form}`;
};

/**
 * The functions that release this page's locks and leases, by key.
 *
 * @type {Map<string, (value?: any) => void>}
 */
const held = new Map();
/**
 * For each storage, whether anything may be stored: the function of the page's latest survey.
 *
 * @type {Record<string, () => boolean>}
 */
const latest = {};

/**
 * Asks for a lock and holds it until the promise that `then` returns is settled. If another page has it,
 * `then` is called with null.
 *
 * @param {string} key
 * @param {(lock: Lock | null) => any} then
 */
const lock = (key, then) => navigator.locks.request(key, { ifAvailable: true }, then);

/**
 * Opens the storage that the shop has named, and lets the survey store in it the revision that it is sending. Once the
 * page has loaded, sends the entries of earlier pages. If there is no such storage, warns in the console.
 *
 * @param {Survey} survey
 * @returns {Promise<void> | undefined}
 */
export const begin = (survey) => {
  const { set, script } = survey;
  // A wrong value gets here, because afterword.js only looks whether there is one.
  if (!(set.storage + 'Storage' in window)) return import('./say.js').then((say) => say.begin(survey));
  survey.keep = open(set.storage, () => mayKeep(survey), script);
};

/**
 * @param {'local' | 'session'} name
 * @param {() => boolean} allowed whether anything may be stored
 * @param {Pick<Script, 'attempt' | 'quiet'>} script
 * @returns {Keep}
 */
const open = (name, allowed, { attempt, quiet }) => {
  const store = window[/** @type {'localStorage'} */ (name + 'Storage')]; // throws where storage is blocked: nothing is kept
  const isFirst = !latest[name];
  latest[name] = allowed;
  const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  /** @param {string} key @returns {Entry | undefined | null} */
  const read = (key) => {
    try {
      return JSON.parse(/** @type {string} */ (store.getItem(key)));
    } catch {
      store.removeItem(key);
    }
  };
  /** @param {string} key @param {Entry} entry */
  const write = (key, entry) => store.setItem(key, JSON.stringify(entry));
  /** @param {string} key */
  const hold = (key) => {
    if (held.has(key)) return;
    if (navigator.locks) {
      lock(key, (got) => got && new Promise((end) => held.set(key, end))).catch(() => {});
      return;
    }
    const renew = () => {
      const entry = read(key);
      if (entry) write(key, { ...entry, lease: Date.now() + LEASE });
    };
    const timer = setInterval(renew, LEASE / 3);
    held.set(key, () => clearInterval(timer));
  };
  /** @param {string} key */
  const release = (key) => {
    held.get(key)?.();
    held.delete(key);
  };
  /**
   * Whether the endpoint has accepted the revision, or has refused it for good.
   *
   * @param {number} status
   */
  const isFinal = (status) => !RETRYABLE.test(`${status}`);

  /**
   * Sends an entry that no other page is sending.
   *
   * @param {string} key
   */
  const deliver = async (key) => {
    const entry = read(key);
    if (!entry) return;
    const { at, url, headers, body } = entry;
    if (!(Date.now() - at < EXPIRES)) return store.removeItem(key);
    const { status } = await attempt({}, new Request(url, { method: 'POST', headers, body, keepalive: true }), body);
    if (isFinal(status) && read(key)?.body == body) store.removeItem(key);
  };
  const deliverAll = async () => {
    if (!latest[name]()) return;
    for (const key of keys()) {
      if (held.has(key)) continue;
      try {
        if (navigator.locks) {
          await lock(key, (got) => got && deliver(key));
          continue;
        }
        const entry = read(key);
        if (!entry) continue;
        if (entry.lease > Date.now()) {
          setTimeout(deliverAll, LEASE);
          continue;
        }
        // If several pages write at once, the last one has the lease; the others see that after 200 ms.
        const mine = Date.now() + LEASE + Math.random();
        write(key, { ...entry, lease: mine });
        await new Promise((then) => setTimeout(then, 200));
        if (read(key)?.lease == mine) await deliver(key);
      } catch {
        // The endpoint was not reached: the entry stays for the next page.
      }
    }
  };
  quiet.then(deliverAll);
  // Once for each page and not for each survey, so that a removed survey leaves no listener behind.
  if (isFirst) {
    addEventListener('online', deliverAll);
    addEventListener('afterword:consent', () => latest[name]() ? deliverAll() : keys().forEach((key) => store.removeItem(key)));
  }

  return (id, request, sent) => {
    const key = PREFIX + id;
    const body = withoutPrivate(sent);
    try {
      const full = body.length > MAX_BODY || keys().filter((other) => other != key).length >= MAX_ENTRIES;
      if (full || !allowed()) return;
      write(key, { at: Date.now(), url: request.url, headers: [...request.headers], body, lease: Date.now() + LEASE });
      hold(key);
    } catch {
      return; // the storage is full, or has been blocked
    }
    return ({ status }) => {
      if (!isFinal(status) || read(key)?.body != body) return;
      store.removeItem(key);
      release(key);
    };
  };
};
