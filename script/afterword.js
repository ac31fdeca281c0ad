// afterword.js: the one tag a shop pastes.
//
// Paints the survey's first step at once, from markup and style that the build takes out of the
// widget itself (see src/main.rs beside this file), and fetches the widget behind it. The painted
// form works from the first moment: it takes the score and the comment and sends both. When the
// widget has arrived it takes the form over, unseen; where WebAssembly cannot run, nothing changes.
//
// Every page view pays for this file: it is written to be small, and checks no more than it must.
// The typed and complete reading of attributes is the widget's (src/settings.rs).
import { FOLDER, FORM, LOCALES, MORE, RELEASE, STYLE, TAGS, THANKS } from 'built';

// What an attribute's value must match to be used here. A wrong one is as good as none, or an
// endpoint would refuse the answer for it; the widget warns about it.
const RULES = {
  accent: /^#([\da-f]{3}){1,2}$/i,
  'customer-kind': /^(new|returning)$/,
  endpoint: /^(https?:|[^:]*([/?#]|$))/i,
  'order-country': /^[A-Z]{2}$/,
  'order-currency': /^[A-Z]{3}$/,
  'order-value': /^\d{1,12}(\.\d{1,4})?$/,
  survey: /^[\w.-]{1,64}$/,
  touchpoint: /^(visit|order|delivery|support|return)$/,
};
const most = (name) => /label/.test(name) ? 100 : /-id$/.test(name) ? 128 : /url|endpoint/.test(name) ? 2e3 : 500;

const page = document;
const NAME = 'afterword-survey';
const OPEN = 'afterword:open'; // dispatched on the window by open()
const tag = page.currentScript;
const now = () => new Date().toISOString();

/** The folder this file came from: everything else is beside it. */
const base = new URL('.', tag.src);
const endpoint = new URL('/v1/responses', base).href;
const file = (name) => new URL(FOLDER + name, base);
const get = (name) => fetch(file(name)).then((answer) => answer.ok ? answer : Promise.reject());

let widget; // the module, loaded once a page
const load = () => widget ||= Promise.all([
  import(file('widget.js')),
  // Only the right type streams; anything else would be a warning in the shop's console.
  get('widget_bg.wasm').then((answer) => answer.headers.get('content-type') == 'application/wasm' ? answer : answer.arrayBuffer()),
]).then(([glue, wasm]) => glue.default({ module_or_path: wasm }).then(() => glue.mount));

const translate = (tag) => get(tag + '.json').then((answer) => answer.json());

/** The best of our locales for a language tag. */
const match = (wanted = '') => {
  for (let tag = wanted.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, '')) {
    const found = TAGS.find((ours) => ours.toLowerCase() == tag);
    if (found) return found;
  }
};

/** A UUID of version 7: the time, whose first digit is 0 for five more centuries, then chance. */
const uuid = () => Date.now().toString(16).replace(/(.{7})/, '0$1-') + '-7xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g,
  () => (crypto.getRandomValues(new Uint8Array(1))[0] % 16).toString(16));

const hiding = new Map(); // what to do for each survey when the page is being hidden
const hide = () => hiding.forEach((send) => send());
addEventListener('pagehide', hide);
page.addEventListener('visibilitychange', () => page.hidden && hide());

let sheet;
const adopt = (root) => {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  root.adoptedStyleSheets = [sheet];
};

/** Paints a survey in its host, makes the painted form work, and has the widget take it over. */
const start = async (host) => {
  const set = {}; // the attributes, without data-
  const raw = []; // and as they stand, for the widget to read and to warn about
  for (const { name, value } of host.attributes) {
    if (!name.startsWith('data-')) continue;
    const short = name.slice(5);
    const trimmed = value.trim();
    raw.push(short, value);
    if (trimmed.length <= most(short) && (!trimmed || !RULES[short] || RULES[short].test(trimmed))) set[short] = trimmed;
  }

  // Until the page says so, nothing happens and nothing is fetched.
  if (set.on) {
    await new Promise((then) => {
      for (const type of [set.on, OPEN]) addEventListener(type, then, true);
    });
  }

  const locale = match(set.locale) || match(host.closest('[lang]')?.lang || navigator.language) || 'en';
  let text = LOCALES[locale];
  const all = text?._send ? Promise.resolve(text) : translate(locale).then((words) => text = words);
  all.catch(() => {});

  const on = (name) => set[name] != null && set[name] != 'false';
  const root = host.attachShadow({ mode: on('debug') ? 'open' : 'closed' });
  adopt(root);
  let down; // whether a finger or a key is
  for (const type of ['keydown', 'keypress', 'keyup', 'pointerdown', 'pointerup', 'pointercancel']) {
    host.addEventListener(type, (event) => {
      down = /down/.test(type);
      // Keys typed here are the survey's: the page's shortcuts must not fire.
      if (event.key) event.stopPropagation();
    });
  }

  const id = uuid();
  const address = location.origin + location.pathname;
  const site = page.querySelector('meta[property="og:site_name"]')?.content || location.hostname;
  let score, scored_at, layout, sent_score, pending, timer, comment, button, over;
  let revision = 0;
  const survey = set.survey || 'default';

  /** The text, or the address, of that name: the shop's own, or else the locale's. */
  const say = (name) => name == 'support-url' && score > 6 ? undefined
    : (set[name + (score < 7 ? '-detractor' : score < 9 ? '-passive' : '-promoter')] || set[name] || (set.address == 'informal' && text[name + '-informal']) || text[name])
      ?.replaceAll('{subject}', set.subject || site);
  const fill = (value) => value[0] == '$' ? say(value.slice(1)) : value;

  /** Makes elements of built markup, and takes elements as they are; one whose attribute has no value is left out. */
  const build = ([name, attributes, ...children]) => {
    const element = page.createElement(name);
    for (const key in attributes) {
      const value = fill(attributes[key]);
      if (value == null) return '';
      element.setAttribute(key, value);
    }
    if (name == 'a' && !/^(https?|mailto|tel):/.test(element.protocol)) return '';
    element.append(...children.map((child) => child.map ? build(child) : fill(child)));
    return element;
  };

  const tell = (name, now = score) => {
    score = now;
    host.dispatchEvent(new CustomEvent('afterword:' + name, { bubbles: true, composed: true, detail: { id, survey, score } }));
    // The form gives way to the thanks: the focus, if it is inside, stays inside.
    if (name == 'submitted' && root.activeElement) setTimeout(() => root.querySelector('.status').focus({ preventScroll: true }));
  };
  /** How the values of the scale stand, painted or the widget's. */
  const arranged = () => {
    const scores = root.querySelectorAll('.score');
    return scores[10].offsetTop > scores[0].offsetTop ? 'two-rows' : 'one-row';
  };

  /** The request for the next revision: the same JSON as the widget's. */
  const request = (complete) => {
    // The attributes that start so, as an object; nothing if there are none.
    const group = (prefix, found) => {
      for (const name in set) if (set[name] && name.startsWith(prefix)) (found ||= {})[name.slice(prefix.length)] = set[name];
      return found;
    };
    const list = (name, count, length) => set[name]?.split(',', count).map((item) => item.trim().slice(0, length)).filter((item) => item);
    const headers = group('header-', {});
    const order = group('order-', set.products && { products: list('products', 50, 128) });
    const response = {
      version: 1, id, revision: ++revision, complete, survey, touchpoint: set.touchpoint || 'order', score,
      comment: complete && comment.value.trim() || undefined, shown_at, scored_at, sent_at: now(), page: address, locale,
      method: { question: say('question').slice(0, 500), low_label: say('low-label'), high_label: say('high-label'), layout, mode: 'inline', release: RELEASE },
      order, customer: group('customer-'), properties: group('prop-'), tags: list('tags', 20, 64),
    };
    const url = new URL(set.endpoint || endpoint, page.baseURI);
    let body = JSON.stringify(response);
    if (set.format == 'form') {
      // Dotted names for what is inside, commas in lists; what is absent is gone with the JSON.
      const fields = new URLSearchParams();
      const flatten = (object, prefix) => {
        for (const name in object) {
          const value = object[name];
          if (typeof value == 'object' && !value.map) flatten(value, prefix + name + '.');
          else fields.append(prefix + name, value);
        }
      };
      flatten(JSON.parse(body), '');
      body = fields;
    } else headers['content-type'] ||= url.origin == location.origin ? 'application/json' : 'text/plain;charset=UTF-8';
    sent_score = score;
    return [url, { method: 'POST', keepalive: true, headers, body }];
  };
  const post = async (request) => on('preview') ? { ok: 1, status: 200 } : fetch(...request);

  /** Sends a score that is not sent yet. */
  const save = () => {
    if (!timer) return;
    timer = clearTimeout(timer);
    const sending = pending = post(request(false)).then((answer) => answer.status);
    const ended = () => pending == sending && (pending = undefined);
    sending.then(ended, ended);
  };

  const more = async () => {
    text = await all.catch(() => translate(locale));
    if (comment) form.querySelector('.follow-up').textContent = say('follow-up');
    else if (!over) {
      form.lastChild.before(build(MORE));
      comment = form.querySelector('textarea');
      button = form.querySelector('button');
    }
  };

  // Never in the wrong language: a locale that is not in here is waited for, and if it cannot be
  // had, the survey steps aside.
  try {
    text ||= await all;
  } catch {
    return tell('failed');
  }
  const shown_at = now();
  const form = build(FORM);
  form.addEventListener('change', ({ target }) => {
    if (target.type != 'radio') return;
    score = +target.value;
    scored_at = now();
    layout = arranged();
    clearTimeout(timer);
    timer = setTimeout(save, 400);
    tell('scored');
    more().catch(() => {});
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!comment || over) return;
    over = 1; // from here the painted form finishes by itself
    const failed = form.querySelector('.failed');
    timer = clearTimeout(timer);
    comment.readOnly = true;
    button.setAttribute('aria-disabled', true);
    button.textContent = say('_sending');
    failed.textContent = '';
    const attempt = request(true);
    for (let wait = 1; ; wait *= 2) {
      const answer = await post(attempt).catch(() => 0);
      if (answer.ok) {
        tell('submitted');
        const status = form.lastChild;
        status.append(...THANKS.map(build));
        return form.replaceChildren(status);
      }
      if (wait > 8 || (answer && !/408|425|429|5../.test(answer.status))) break;
      await new Promise((then) => setTimeout(then, wait * (750 + 500 * Math.random())));
    }
    over = 0;
    comment.readOnly = false;
    button.removeAttribute('aria-disabled');
    button.textContent = say('_retry');
    failed.textContent = say('_failed');
    tell('failed');
  });

  const painted = build(['div', {}, form]);
  const frame = build(['div', { class: 'frame', lang: locale, dir: text.dir || 'ltr', 'data-theme': set.theme || '' }, painted]);
  frame.style.setProperty('--accent', set.accent || '');
  root.append(frame);
  hiding.set(host, save);
  tell('shown');

  // The widget comes: everything known so far goes with it. Not in the middle of a tap, which would
  // be lost; and not under the hands of somebody who is writing: they finish in the painted form.
  const take = (mount) => {
    if (over || (comment && root.activeElement == comment)) return;
    if (down) return setTimeout(take, 99, mount);
    const told = mount(root, painted, build(['div', {}]), {
      attributes: raw, words: Object.entries(text).flat(), locale, site, endpoint, page: address, id, shown_at,
      score, scored_at, layout, comment: comment?.value, revision, sent_score, pending, tell, arranged,
    });
    over = 1;
    clearTimeout(timer);
    hiding.set(host, told);
    pending?.then(told, () => told(0));
  };
  // A survey far below what one sees waits with the widget until it comes near.
  new IntersectionObserver((entries, near) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    near.disconnect();
    Promise.all([load(), all]).then(([mount]) => take(mount)).catch(() => {});
  }, { rootMargin: '100%' }).observe(host);
};

/** The public face; see afterword.d.ts. */
if (!window.afterword) {
  const hide = (hidden) => page.querySelectorAll(NAME).forEach((host) => host.hidden = hidden);
  window.afterword = {
    release: RELEASE,
    open() {
      hide(false);
      dispatchEvent(new Event(OPEN));
    },
    close: () => hide(true),
    on(name, listener) {
      page.addEventListener('afterword:' + name, listener);
      return () => page.removeEventListener('afterword:' + name, listener);
    },
  };
  if (!customElements.get(NAME)) {
    customElements.define(NAME, class extends HTMLElement {
      #started;
      connectedCallback() {
        // Moved in the page it stays as it is.
        if (!this.#started) start(this).catch(() => {});
        this.#started = true;
      }
    });
  }
}

// A tag that stands in the body, with no survey placed by hand, is the survey's place.
if (!page.querySelector(NAME) && tag.parentNode != page.head) {
  const host = page.createElement(NAME);
  for (const { name, value } of tag.attributes) if (name.startsWith('data-')) host.setAttribute(name, value);
  tag.after(host);
}
