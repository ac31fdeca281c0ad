// What has not arrived outlives the page: revisions kept in the browser's storage, where the shop asks
// for it with data-storage and the customer has agreed. Fetched only there.
//
// One entry a response, under a key of its own, so that tabs never write over one another. Whoever has a
// response under way holds it: by a lock, which a closed page lets go by itself, or, where there are no
// locks (pages without https), by a lease that has to be renewed. The next page of the shop, in any tab,
// sends what nobody holds.

const PREFIX = 'afterword:';
const EXPIRES = 30 * 864e5; // days, in ms
const MOST = 20; // entries
const LONGEST = 2e4; // characters of a body
const LEASE = 1e4; // ms

const holds = new Map(); // what ends our hold, by key
const latest = {}; // by storage, what the survey that came last may do

/** Asks for a lock, and holds it until what `then` promises has come; without one, `then` gets nothing. */
const lock = (key, then) => navigator.locks.request(key, { ifAvailable: true }, then);

/**
 * Opens the storage of that name, sends what earlier pages left there once `quiet` has come, and gives
 * what keeps a revision. That one gives, in turn, what is to be called with the status it came to.
 * `allowed` tells whether anything may be kept; `attempt` makes a request that is not itself kept.
 */
export const open = (name, allowed, attempt, quiet) => {
  const store = window[name + 'Storage']; // where it is blocked this throws, and nothing is kept
  const isFirst = !latest[name];
  latest[name] = { allowed, attempt };
  const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  const read = (key) => {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      store.removeItem(key);
    }
  };
  const write = (key, entry) => store.setItem(key, JSON.stringify(entry));
  const hold = (key) => {
    if (holds.has(key)) return;
    if (navigator.locks) {
      lock(key, (got) => got && new Promise((end) => holds.set(key, end))).catch(() => {});
      return;
    }
    const renew = () => {
      const entry = read(key);
      if (entry) write(key, { ...entry, lease: Date.now() + LEASE });
    };
    const timer = setInterval(renew, LEASE / 3);
    holds.set(key, () => clearInterval(timer));
  };
  const release = (key) => {
    holds.get(key)?.();
    holds.delete(key);
  };
  const final = (status) => (status > 199 && status < 300) || /^4(?!08|25|29)/.test(status);

  /** Sends one entry that nobody holds. */
  const deliver = async (key) => {
    const entry = read(key);
    if (!entry) return;
    const { at, url, headers, body } = entry;
    if (!(Date.now() - at < EXPIRES)) return store.removeItem(key);
    const { status } = await latest[name].attempt(new Request(url, { method: 'POST', headers, body, keepalive: true }), body, '');
    if (final(status) && read(key)?.body == body) store.removeItem(key);
  };
  const deliverAll = async () => {
    if (!latest[name].allowed()) return;
    for (const key of keys()) {
      if (holds.has(key)) continue;
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
        // Whoever wrote last has it; the others see that after a moment.
        const mine = Date.now() + LEASE + Math.random();
        write(key, { ...entry, lease: mine });
        await new Promise((then) => setTimeout(then, 200));
        if (read(key)?.lease == mine) await deliver(key);
      } catch {
        // Neither reached nor refused: it stays for the next time.
      }
    }
  };
  quiet.then(deliverAll);
  // Once a page: a survey that is removed leaves nothing behind.
  if (isFirst) {
    addEventListener('online', deliverAll);
    addEventListener('afterword:consent', () => latest[name].allowed() ? deliverAll() : keys().forEach((key) => store.removeItem(key)));
  }

  return (id, request, body) => {
    const key = PREFIX + id;
    try {
      const full = body.length > LONGEST || keys().filter((other) => other != key).length >= MOST;
      if (full || !allowed()) return;
      write(key, { at: Date.now(), url: request.url, headers: [...request.headers], body, lease: Date.now() + LEASE });
      hold(key);
    } catch {
      return; // full, or blocked meanwhile
    }
    return (status) => {
      if (!final(status) || read(key)?.body != body) return;
      store.removeItem(key);
      release(key);
    };
  };
};
