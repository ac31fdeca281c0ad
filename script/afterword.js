// afterword.js: the one tag a shop pastes.
//
// Paints the survey's first step at once, from markup and style that the build takes out of the
// widget itself (see src/main.rs beside this file). The painted form works from the first moment: it
// takes a score and saves it. Once the page has loaded, or is touched, the widget comes and takes the
// form over, unseen. Until then, and where WebAssembly cannot run, form.js does the rest: the
// comment, Send, the thanks.
//
// Every page view pays for this file: it is written to be small, and checks no more than it must.
// The typed and complete reading of attributes is the widget's (src/settings.rs).
import { FOLDER, FORM, LOCALES, RELEASE, STYLE, TAGS } from 'built';

// What an attribute's value must match to be used here. A wrong one is as good as none, or an
// endpoint would refuse the answer for it; the widget warns about it.
const RULES = {
  accent: /^#([\da-f]{3}){1,2}$/i,
  'customer-kind': /^(new|returning)$/,
  endpoint: /^(https?:|[^:]*([/?#]|$))/i,
  mode: /^corner$/, // inline is as good as nothing
  'order-country': /^[A-Z]{2}$/,
  'order-currency': /^[A-Z]{3}$/,
  'order-value': /^\d{1,12}(\.\d{1,4})?$/,
  storage: /^(local|session)$/, // none is as good as nothing
  survey: /^[\w.-]{1,64}$/,
  touchpoint: /^(visit|order|delivery|support|return)$/,
};
const most = (name) => /label/.test(name) ? 100 : /-id$/.test(name) ? 128 : /url|endpoint/.test(name) ? 2e3 : /^(products|tags)$/.test(name) ? 1e4 : 500;

const page = document;
const NAME = 'afterword-survey';
const tag = page.currentScript;
const now = () => new Date().toISOString();
const Promise = (async () => {})().constructor; // the engine's own, whatever the page has made of its name
const emit = (at, name, detail = {}) => at.dispatchEvent(new CustomEvent('afterword:' + name, { bubbles: true, composed: true, detail }));

/** The folder this file came from: everything else is beside it. */
const base = new URL('.', tag.src);
const endpoint = new URL('/v1/responses', base);
const file = (name) => new URL(FOLDER + name, base);
const get = async (name) => {
  const answer = await fetch(file(name));
  if (answer.ok) return answer;
  throw 0;
};

/** Once the page has loaded: what is ours must not come between a shop and its pictures. */
const quiet = new Promise((then) => {
  page.readyState == 'complete' ? then() : addEventListener('load', then);
});

let widget; // what takes surveys over, loaded once a page
const load = () => widget ||= Promise.all([import(file('takeover.js')), get('widget_bg.wasm')])
  .then(([{ begin }, wasm]) => begin(wasm));

/** The best of our locales for a language tag. */
const match = (wanted = '') => {
  for (let tag = wanted.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, '')) {
    const found = TAGS.find((ours) => ours.toLowerCase() == tag);
    if (found) return found;
  }
};

/** A UUID of version 7: the time, whose first digit is 0 for five more centuries, then chance. */
const uuid = () => Date.now().toString(16).replace(/(.{7})/, '0$1-') + [...crypto.getRandomValues(new Uint8Array(18))]
  .map((byte) => (byte % 16).toString(16)).join('').replace(/(...)(...)/, '-7$1-8$2-');

const surveys = new Set(); // those on the page
// What each can be told: that it is closed, 2; anything else has it send what waits. One that is not
// shown yet waits for its event's type, or for open(), 1.
const acts = new WeakMap();
const rouse = ({ type, persisted }) => surveys.forEach((host) => acts.get(host)?.(type, persisted));
const close = (host) => {
  if (!host.hidden) acts.get(host)?.(2);
  host.hidden = true;
};
let carry = (...all) => fetch(...all);
// Browsers that cannot keep a request alive can at least send a beacon.
if (!('keepalive' in Request.prototype)) import(file('beacon.js')).then((old) => carry = old.carry);
let consented; // what the page has said through consent()

const sheets = {};
/** A style sheet, made once a page. */
const sheet = (style) => {
  if (!sheets[style]) (sheets[style] = new CSSStyleSheet()).replaceSync(style);
  return sheets[style];
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
    if (trimmed.length <= most(short) && /^(?!header.*[^ -~])[\w.-]*\w=/s.test(short + '=' + trimmed) && !(trimmed && RULES[short]?.test?.(trimmed) == false)) set[short] = trimmed;
  }

  const on = (name) => set[name] != null && set[name] != 'false';
  const id = uuid();
  let keep; // what keeps a revision in the browser's storage while it has not arrived
  let lose; // gives the last attempt up
  let reading; // whether the endpoint's answers have to be read before they count
  /** One attempt, the painted form's or the widget's. An answer that cannot be the endpoint's is none. */
  const attempt = async (request, body, key = id) => {
    body += '';
    const kept = key && keep?.(key, request, body);
    // Kept alive is only what is small, and three bytes a character. (Firefox forgets a request's own.)
    const answer = await Promise.race([
      carry(request, { signal: AbortSignal.timeout?.(45e3), redirect: 'error', keepalive: body.length < 2e4 }, body).then(async (answer) => {
        // A captive portal says 200 and shows a page.
        if (answer.ok && /html/.test(answer.headers.get('content-type'))) {
          if (/</.test(await answer.text(reading = 1))) throw 0;
          // Cut off because the page goes, it looks whole to WebKit: then the page goes now.
          await new Promise((then) => setTimeout(then, 99));
        }
        return answer;
      }),
      new Promise((_, fail) => key && (lose = fail)),
    ]);
    if (kept) kept(answer.status);
    return answer;
  };

  if (set.storage) {
    import(file('outbox.js')).then(({ open }) => keep = open(set.storage, () => set.consent != 'required' || consented, attempt, quiet)).catch(() => {});
  }

  // Until the page says so, nothing happens and nothing is fetched.
  if (set.on) {
    await new Promise((then) => {
      acts.set(host, (what) => (what == 1 || what == set.on) && then());
      addEventListener(set.on, rouse, true); // once a page, however many wait for it
    });
  }

  const locale = match(set.locale) || match(host.closest('[lang]')?.lang || navigator.language) || 'en';
  let text = LOCALES[locale];
  let words; // all of the locale, once it is wanted; the look of what follows a score is with it
  const all = () => words ||= get(locale + (text ? '.answer.json' : '.json')).then((answer) => answer.json()).then((more) => {
    root.adoptedStyleSheets.push(sheet(more._style));
    text = { ...text, ...more };
  }, () => { throw words = 0; });

  // A survey far below what one sees waits with the widget until it comes near.
  const view = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    view.disconnect();
    awake.then(() => Promise.all([load(), all()])).then(([take]) => take(survey)).catch(() => {});
  }, { rootMargin: '100%' }); // where there are none, this throws

  const root = host.attachShadow({ mode: on('debug') ? 'open' : 'closed' });
  root.adoptedStyleSheets.push(sheet(STYLE)); // where there are none, this throws
  let wake;
  const awake = new Promise((then) => wake = then);
  quiet.then(wake);
  let down; // whether a finger or a key is
  for (const type of ['keydown', 'keypress', 'keyup', 'pointerdown', 'pointerup', 'pointercancel', 'pointerleave']) {
    host.addEventListener(type, (event) => {
      down = /down/.test(type);
      wake();
      // Keys typed here are the survey's: the page's shortcuts must not fire.
      if (event.key) event.stopPropagation();
    });
  }

  const flat = set.format == 'form' && await import(file('flat.js')).then((it) => it.flat); // makes a form of a message
  const address = location.href.replace(/[?#].*/, '');
  const site = page.querySelector('meta[property="og:site_name"]')?.content || location.hostname;
  const name = set.survey || 'default';
  let url = endpoint;
  try {
    url = new URL(set.endpoint || url, page.baseURI);
  } catch { /* The widget warns. */ }
  // Across origins, JSON as plain text needs no preflight.
  const kind = url.origin == location.origin ? 'application/json' : 'text/plain;charset=UTF-8';

  /** The text, or the address, of that name: the shop's own, or else the locale's. */
  const say = (name) => (set[name + (score < 7 ? '-detractor' : score < 9 ? '-passive' : '-promoter')] || set[name] || (set.address == 'informal' && text[name + '-informal']) || text[name])
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
    element.append(...children.map((child) => child.map ? build(child) : fill(child)));
    return element;
  };

  const tell = (event, now = score) => {
    score = now;
    if (event == 'failed') console.warn(`afterword: no answer from ${url} (CORS? connect-src?)`);
    emit(host, event, { id, survey: name, score });
    // The form gives way to the thanks: the focus, if it is inside, stays inside.
    if (event == 'submitted' && root.activeElement) setTimeout(() => root.querySelector('.status').focus({ preventScroll: true }));
  };
  /** How the values of the scale stand, painted or the widget's. */
  const arranged = () => {
    const scores = root.querySelectorAll('.score');
    return scores[10].offsetTop > scores[0].offsetTop ? 'two-rows' : 'one-row';
  };

  /** A message as the endpoint wants it. The replacer undoes what a page's own toJSON may do to it. */
  const write = (message) => flat ? flat(message) : JSON.stringify(message, function (key) {
    return this[key];
  });

  /** The attributes that start so, as an object, up to 30; nothing if there are none. */
  const group = (prefix, found) => {
    for (const name in set) if (set[name] && name.startsWith(prefix) && !Object.keys(found || {})[29]) (found ||= {})[name.slice(prefix.length)] = set[name];
    return found;
  };

  /** A request to be made. */
  const pack = (message) => {
    const body = write(message);
    const headers = flat ? {} : { 'content-type': kind };
    return { method: 'POST', headers: group('header-', headers), body };
  };
  const post = async (init, key) => on('preview') ? new Response() : attempt(new Request(url, init), init.body, key);
  /** What every message begins with. */
  const about = () => ({ version: 1, id, survey: name, touchpoint: set.touchpoint || 'order', page: address, locale });
  const report = (display) => {
    if (set.report == 'all') post(pack({ ...about(), display, at: now() }), '').catch(() => {});
  };

  /** The next revision, with the words once Send was pressed: the same JSON as the widget's. */
  const revise = (words) => {
    const list = (name, count, length) => set[name]?.split(',', count).map((item) => item.trim().slice(0, length)).filter((item) => item);
    sent_score = score;
    return pack({
      ...about(), revision: ++revision, complete: words != null, score, comment: words?.trim() || undefined, shown_at, scored_at, sent_at: now(),
      method: { question: say('question').slice(0, 500), low_label: say('low-label'), high_label: say('high-label'), layout, mode: set.mode || 'inline', release: RELEASE },
      order: group('order-', set.products && { products: list('products', 50, 128) }),
      customer: group('customer-'), properties: group('prop-'), tags: list('tags', 20, 64),
    });
  };

  let score, scored_at, layout, sent_score;
  let revision = 0;
  let whole; // whether Send was pressed
  let last; // the revision to send, while it has not arrived
  let timer; // until the next attempt; -1 if none is planned, nothing if none is needed
  let pending; // the promise of what came of the last attempt, unless it arrived
  let ended; // what form.js makes of that
  let told; // the widget's way to hear of things, once it has taken over

  /** Attempts now what rests, waits, or was given up. */
  const send = () => {
    if (!timer) return;
    timer = clearTimeout(timer);
    const mine = last ||= revise();
    pending = post(mine).catch(() => 0);
    pending.then((answer) => {
      // Overtaken by the next revision, or by the widget.
      if (mine != last || told) return;
      timer = -1;
      if (answer.ok) pending = timer = null;
      ended?.(mine, answer);
    });
  };
  /** Has a revision sent after so many milliseconds: by default the same one again. */
  const plan = (wait, next = last) => {
    clearTimeout(timer);
    last = next;
    timer = setTimeout(send, wait);
  };

  let rest; // form.js, completing the form
  const complete = () => rest ||= Promise.all([import(file('form.js')), all()]).then(([{ complete }]) => {
    if (told) return rest = 0;
    ended ||= complete({ form, build, say, tell, plan, revise(words) {
      whole = true;
      return revise(words);
    } });
    if (timer < 0) send();
  }, () => {
    rest = 0;
    emit(host, 'failed', { id, survey: name, score });
  });

  // Never in the wrong language or place: a locale and a mode that are not in here are waited for, and
  // if they cannot be had, the survey steps aside.
  const [mode] = await Promise.all([set.mode && import(file(set.mode + '.js')), text || all()]);
  const shown_at = now();
  const form = build(FORM);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', ({ target }) => {
    if (told || target.type != 'radio') return; // told: swap() tells the widget
    score = +target.value;
    scored_at = now();
    layout = arranged();
    // Once Send was pressed the score goes with the words; form.js has them.
    whole || plan(400, 0);
    tell('scored');
    complete().then(() => {
      const label = form.querySelector('.follow-up');
      if (label) label.textContent = say('follow-up');
    });
  });

  const painted = build(['div', {}, form]);
  const frame = build(['div', { class: 'frame', lang: locale, dir: text.dir || 'ltr', 'data-theme': set.theme || '' }, painted]);
  frame.style.setProperty('--fill', set.accent || '');
  mode?.place({ host, root, frame, locale, set, say, close });
  root.append(frame);
  acts.set(host, (what, kept) => {
    // What is under way when the page is put aside may never end, in WebKit and Firefox; what is being read
    // as it leaves was cut off.
    if (kept || (reading && what == 'pagehide')) lose?.();
    if (what != 2) return told ? told() : send();
    if (root.querySelector('.thanks')) return;
    tell('dismissed');
    if (score == null) report('dismissed');
  });
  tell('shown');
  report('shown');

  /** What the widget is handed, and what it may do; see takeover.js. */
  const survey = {
    host, root, painted, tell, arranged, write, attempt,
    state: () => ({
      ...about(), attributes: raw, words: text, site, endpoint: url.href, kind, shown_at,
      score, scored_at, layout, revision, sent_score, pending, down,
    }),
    /** The widget has taken over, and hears of things so. */
    give(way) {
      told = way;
      timer = clearTimeout(timer);
      pending?.then(told);
    },
    /** The widget has ended before its time: the painted form goes on, with that comment. */
    revive(comment) {
      told = 0;
      revision += 99;
      form.elements.score.value = score;
      if (score == null) return;
      plan(0, 0);
      complete().then(() => form.querySelector('textarea').value = comment);
    },
  };
  view.observe(host);
};

try {
  // Once a page, however often the tag is run there. (An element with that id has the name, too.)
  if (!window.afterword?.release) {
    /** The public face; see afterword.d.ts. */
    window.afterword = {
      release: RELEASE,
      open() {
        surveys.forEach((host) => {
          host.hidden = false;
          acts.get(host)?.(1);
        });
      },
      close() {
        surveys.forEach(close);
      },
      consent(given) {
        consented = given;
        dispatchEvent(new Event('afterword:consent'));
      },
      on(name, listener) {
        page.addEventListener('afterword:' + name, listener);
        return () => page.removeEventListener('afterword:' + name, listener);
      },
    };
    // Gone, back, or connected again: what waits is sent now.
    for (const type of ['pagehide', 'pageshow', 'online', 'visibilitychange']) addEventListener(type, rouse);
    customElements.define(NAME, class extends HTMLElement {
      #started;
      connectedCallback() {
        surveys.add(this);
        // Moved in the page it stays as it is. One that cannot be shown leaves no empty box.
        this.#started ||= start(this).catch(() => {
          this.hidden = true;
          this.style.display = 'none';
          emit(this, 'failed');
        });
      }
      disconnectedCallback() {
        acts.get(this)?.();
        surveys.delete(this);
      }
    });
  }

  // A tag that stands in the body, with no survey placed by hand, is the survey's place.
  if (!page.querySelector(NAME) && tag.parentNode != page.head) {
    const host = page.createElement(NAME);
    for (const { name, value } of tag.attributes) if (name.startsWith('data-')) host.setAttribute(name, value);
    tag.after(host);
  }
} catch {
  // The element's name is taken, or the page lets nothing be defined.
  emit(page, 'failed');
}
