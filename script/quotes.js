// @ts-check
// <afterword-quotes>: what customers said, allowed to be quoted, and the shop chose, in the look of the page around it.
// A file of its own without WebAssembly, for pages with a survey and for pages without one.
import { QUOTES } from 'built';
import { adopt } from './sheet.js';

/**
 * The answer of `GET /v1/quotes`.
 *
 * @typedef {object} Answer
 * @property {{ text: string, name: string | null, date: string, language: string }[]} quotes
 * @property {{ count: number, distribution: number[], from: string, to: string } | null} answers
 *   All counted answers; null if there are too few to show quotes.
 * @property {{ de: string, en: string }} notice
 */

/** A withdrawn quote has to be gone within a minute, also on a page that stays open. */
const REFRESH_MS = 30_000;
const MOST = 3;

const WORDS = {
  de: {
    locale: 'de-DE',
    /** @type {(count: string, days: string) => string} */
    all: (count, days) => `Alle ${count} Bewertungen, ${days}`,
    columns: ['Bewertung', 'Anzahl'],
  },
  en: {
    locale: 'en-GB',
    /** @type {(count: string, days: string) => string} */
    all: (count, days) => `All ${count} ratings, ${days}`,
    columns: ['Rating', 'Number'],
  },
};

/** The tag that brought this script; unknown if it is imported as a module. */
const tag = /** @type {HTMLScriptElement | null} */ (document.currentScript);

/**
 * An element of which the shop's style sheet can reach the parts: `afterword-quotes::part(quote)`.
 *
 * @param {string} name
 * @param {string} part
 * @param {...(Node | string)} content
 */
const make = (name, part, ...content) => {
  const element = document.createElement(name);
  if (part) element.setAttribute('part', part);
  element.append(...content);
  return element;
};

class Quotes extends HTMLElement {
  static observedAttributes = ['data-survey', 'data-endpoint', 'data-locale', 'data-max'];

  /** The answer that is shown, as text. */
  #shown = '';
  /** What the console was told last. */
  #said = '';
  #timer = 0;
  #content = make('div', '');

  connectedCallback() {
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: 'open' });
      try {
        adopt(root, QUOTES);
      } catch {
        // Safari before 16.4 adopts no sheets. The page's policy may ask for a nonce.
        const style = make('style', '', QUOTES);
        style.nonce = tag?.nonce || '';
        root.append(style);
      }
      // The shop's own heading, which is shown only above quotes.
      root.append(make('slot', ''), this.#content);
    }
    this.#timer = setInterval(this.#update, REFRESH_MS);
    document.addEventListener('visibilitychange', this.#update);
    // The page itself matters more.
    if (document.readyState === 'complete') this.#update();
    else addEventListener('load', this.#update, { once: true });
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#update);
  }

  /**
   * @param {string} _name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(_name, before, after) {
    if (this.#timer && before !== after) {
      this.#shown = '';
      this.#update();
    }
  }

  /** Asks the collector again. Without its answer nobody knows whether the quotes may still be shown. */
  #update = async () => {
    if (document.hidden || !this.isConnected) return;
    let text = '';
    try {
      text = await this.#fetch();
      if (text !== this.#shown) this.#show(JSON.parse(text));
      this.#said = '';
    } catch (error) {
      text = '';
      this.hidden = true;
      const { message } = /** @type {Error} */ (error);
      // Twice a minute the same line would bury the shop's own.
      if (message !== this.#said) console.warn('afterword: no quotes are shown.', message);
      this.#said = message;
    }
    this.#shown = text;
  };

  async #fetch() {
    const { endpoint, survey } = this.dataset;
    if (!endpoint && !tag) throw Error('Set data-endpoint="https://…/v1/quotes", as this script was not loaded by a tag');
    const address = new URL(endpoint || 'v1/quotes', endpoint ? document.baseURI : tag?.src);
    if (survey) address.searchParams.set('survey', survey);
    const answer = await fetch(address, { credentials: 'omit', headers: { accept: 'application/json' } });
    if (!answer.ok) throw Error(`${address} answered ${answer.status}`);
    return answer.text();
  }

  /** @param {Answer} answer */
  #show({ quotes, answers, notice }) {
    const most = this.dataset.max ?? MOST;
    if (!(+most >= 1)) console.warn(`afterword: data-max="${most}" is no number from 1, so ${MOST} quotes are shown`);
    const language = this.dataset.locale || /** @type {HTMLElement | null} */ (this.closest('[lang]'))?.lang || navigator.language;
    const own = /^de\b/i.test(language) ? 'de' : 'en';
    const { locale, all, columns } = WORDS[own];
    /** @type {(date: string) => string} */
    const day = (date) => new Date(date).toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' });
    /** @type {(number: number) => string} */
    const count = (number) => number.toLocaleString(locale);

    const figures = quotes.slice(0, +most >= 1 ? +most : MOST).map(({ text, name, date, language }) => {
      const words = make('blockquote', 'text', text);
      words.lang = language;
      words.dir = 'auto';
      // A name in another script must not change the order of what stands beside it.
      const byline = name ? [make('bdi', '', name), `, ${day(date)}`] : [day(date)];
      return make('figure', 'quote', words, make('figcaption', 'byline', ...byline));
    });
    this.#content.lang = own;
    this.#content.replaceChildren(make('div', 'quotes', ...figures));
    if (answers) {
      // Beside chosen words stands what all customers said.
      const most = Math.max(...answers.distribution);
      const rows = answers.distribution.map((number, score) => {
        const bar = make('i', 'bar');
        // By script, as the page's policy may forbid style attributes.
        bar.style.inlineSize = `${(100 * number) / most}%`;
        const head = make('th', '', `${score}`);
        head.setAttribute('scope', 'row');
        return make('tr', '', head, make('td', '', bar), make('td', '', count(number)));
      });
      const heads = columns.map((column) => make('th', '', column));
      heads.forEach((head) => head.setAttribute('scope', 'col'));
      heads[1]?.setAttribute('colspan', '2');
      this.#content.append(make('details', 'all',
        make('summary', '', all(count(answers.count), `${day(answers.from)} – ${day(answers.to)}`)),
        make('table', '', make('thead', '', make('tr', '', ...heads)), make('tbody', '', ...rows.reverse()))));
    }
    this.#content.append(make('p', 'notice', notice[own]));
    this.hidden = !quotes.length;
  }
}

// The script may be loaded twice.
if (!customElements.get('afterword-quotes')) customElements.define('afterword-quotes', Quotes);
