// @ts-check
// The self-check: a panel that says whether the survey works on this page. It is fetched only if the page's address
// contains `afterword-check`. It does not need a survey, so it can also say why there is none.
import { CHECK } from 'built';
import { base, tag } from '../home.js';
import { ofPage, ofSurvey, shorten } from './findings.js';
import { LABELS, PHRASES } from './phrases.js';

/** @import { Host } from '../place.js' */
/** @import { Finding } from './findings.js' */

/** The scores in previews. */
const SCORES = { detractor: 3, passive: 7, promoter: 10 };

/** How long the panel waits for a survey before it says that the survey itself is waiting, in ms. */
const PATIENCE = 1500;

/** The signs before findings; screen readers read `LABELS` instead. */
const SIGNS = { good: '✓', note: 'i', bad: '!' };

/**
 * Makes an element.
 *
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} content
 */
const make = (name, attributes = {}, ...content) => {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...content);
  return element;
};

/**
 * Replaces `{…}` in a sentence by facts.
 *
 * @param {string} text
 * @param {Record<string, string | number>} [facts]
 */
const fill = (text, facts = {}) => text.replace(/\{(\w+)\}/g, (_, name) => `${facts[name] ?? ''}`);

/** Opens the panel. */
export const begin = async () => {
  // While the page is being parsed, its surveys may not be there yet.
  if (document.readyState == 'loading') await new Promise((then) => document.addEventListener('DOMContentLoaded', then, { once: true }));
  const lang = /^de\b/i.test(document.documentElement.lang || navigator.language) ? 'de' : 'en';
  const label = LABELS[lang];

  // Search engines must not list the page with the panel.
  document.head.append(make('meta', { name: 'robots', content: 'noindex' }));
  const panel = make('div', { popover: 'manual', lang });
  const root = panel.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CHECK);
  root.adoptedStyleSheets = [sheet];
  // The page must not receive the events of previews.
  for (const name of ['shown', 'scored', 'submitted', 'dismissed', 'failed', 'skipped']) {
    panel.addEventListener('afterword:' + name, (event) => event.stopPropagation());
  }

  const heading = make('h1', { id: 'title', tabindex: '-1' }, label.title);
  const close = /** @type {HTMLButtonElement} */ (make('button', { type: 'button', class: 'close', 'aria-label': label.close }, '×'));
  const summary = make('p', { class: 'summary', role: 'status' }, label.running);
  const content = make('div');
  const again = make('button', { type: 'button' }, label.again);
  root.append(make('section', { role: 'region', 'aria-labelledby': 'title' },
    make('header', {}, heading, close), make('p', {}, label.intro), summary, content, make('p', {}, again)));
  /** @type {any} */
  const before = document.activeElement;
  const end = () => {
    panel.remove();
    before?.focus({ preventScroll: true });
  };
  close.addEventListener('click', end);
  panel.addEventListener('keydown', ({ key }) => key == 'Escape' && end());
  document.documentElement.append(panel);
  panel.showPopover?.();
  heading.focus({ preventScroll: true });

  const why = PHRASES[lang].why[1].split('; ');
  /** @param {Finding} finding */
  const line = ({ key, state, facts = {} }) => {
    const [title, text, todo] = PHRASES[lang][key];
    const said = { ...facts, ...typeof facts.why == 'number' && { why: why[facts.why] } };
    const sign = make('span', { class: 'sign', role: 'img', 'aria-label': label[state] }, SIGNS[state]);
    const words = make('div', {}, make('h3', {}, fill(title, said)), make('p', {}, fill(text, said)));
    // A good finding needs no advice.
    if (todo && state != 'good') words.append(make('p', { class: 'todo' }, fill(todo, said)));
    return make('li', { class: state }, sign, words);
  };
  /** @param {Finding[]} found */
  const list = (found) => make('ul', { role: 'list' }, ...found.map(line));

  const run = async () => {
    summary.textContent = label.running;
    content.replaceChildren();
    const hosts = /** @type {Host[]} */ ([...document.querySelectorAll('afterword-survey')]);
    const page = await ofPage({ tag, base }, hosts);
    content.append(make('h2', {}, label.site), list(page));
    let bad = page.filter(({ state }) => state == 'bad').length;
    // Without the folder, none of them can have begun.
    for (const host of base ? hosts : []) {
      const survey = await Promise.race([host.started, new Promise((/** @type {(none?: undefined) => void} */ then) => setTimeout(then, PATIENCE))]);
      const { set, found } = await ofSurvey(host, survey, base, survey?.script.hasConsent());
      bad += found.filter(({ state }) => state == 'bad').length;
      const settings = make('dl');
      for (const name in set) settings.append(make('dt', {}, 'data-' + name), make('dd', {}, shorten(name, set[name])));
      content.append(
        make('h2', {}, fill(label.survey, { survey: set.survey || 'default' })), list(found),
        make('details', {}, make('summary', {}, label.settings), settings.firstChild ? settings : label.none),
      );
      if (survey) content.append(preview(host, label));
    }
    summary.textContent = bad ? fill(label.someBad, { count: bad }) : label.allGood;
    summary.className = 'summary ' + (bad ? 'bad' : 'good');
  };
  again.addEventListener('click', run);
  await run();
};

/**
 * The buttons that show what follows a score.
 *
 * @param {HTMLElement} host
 * @param {Record<string, string>} label
 */
const preview = (host, label) => {
  const place = make('div', { class: 'preview' });
  const buttons = /** @type {const} */ (['detractor', 'passive', 'promoter']).map((segment) => {
    const button = make('button', { type: 'button' }, label[segment]);
    button.addEventListener('click', async () => {
      const copy = /** @type {Host} */ (make('afterword-survey'));
      for (const { name, value } of host.attributes) {
        // Attributes for place and time apply to the page's survey, not to the preview.
        if (/^data-(?!mode|on|delay|scroll|exit|when|include|exclude|from|until|repeat|snooze|max|gap|sample|storage|consent|report|survey)/.test(name)) copy.setAttribute(name, value);
      }
      copy.dataset.preview = '';
      // A new id, so that the preview is shown even if the page's survey was answered.
      copy.dataset.survey = `check-${segment}-${Date.now()}`;
      place.replaceChildren(make('p', {}, label.previewed), copy);
      const survey = await copy.started;
      const score = /** @type {HTMLInputElement | null | undefined} */ (survey?.root.querySelector(`[value="${SCORES[segment]}"]`));
      score?.click();
      score?.focus({ preventScroll: true });
      copy.scrollIntoView({ block: 'nearest' });
    });
    return button;
  });
  return make('div', {}, make('h3', {}, label.preview), make('p', { class: 'buttons' }, ...buttons), place);
};
