// @ts-check
// What a shop may ask beside the comment: reasons to tap, a contact to be answered at, and the permission to quote. Also
// two links in the thanks: to the community, and to the page of the customer's own answer. Fetched only where one of these
// attributes is set.
//
// All of it stands in one element, which moves from the painted form into the widget's. What it says leaves the page only
// with Send, in the revision of the comment. What was changed is another revision; a revision that is repeated says the
// same.
import { FURTHER, MAX_CONTACT, MAX_FIRST_NAME, MAX_REASONS, MAX_REASON_WORDS, REASON_ID, RULES } from 'built';
import { isOn } from '../attributes.js';
import { addition } from './completed.js';
import { hashOf, hex, makeSecret, pageOf } from './receipt.js';
import { segmentOf } from './segment.js';

/** @import { Markup, Survey } from '../survey.js' */
/** @import { FurtherAnswers } from './completed.js' */

/** @type {WeakSet<Survey>} */
const begun = new WeakSet();

/**
 * The reasons that an attribute offers, with their words: `id:words, id:words`, or a JSON list of `{id, words}`. Those
 * that are not allowed are left out.
 *
 * @param {string} [value]
 * @returns {[id: string, words: string][]}
 */
const reasonsOf = (value = '') => {
  /** @type {any[]} */
  let items;
  try {
    items = JSON.parse(value).map((/** @type {any} */ { id = '', words = '' }) => [id + '', words + '']);
  } catch {
    // Not a list of objects in JSON.
    items = value.split(',').map((item) => item.trim().split(/\s*:(.*)/s));
  }
  items = items.map(([id, words = '']) => [id, words.trim()]);
  return items.filter(([id, words]) => REASON_ID.test(id) && MAX_REASON_WORDS.test(words)).slice(0, MAX_REASONS);
};

/**
 * Asks what the shop wants to know beside the comment, as soon as the comment is there.
 *
 * @param {Survey} survey
 * @param {typeof import('../markup.js').build} build
 */
export const begin = async (survey, build) => {
  const { host, root } = survey;
  if (begun.has(survey)) return;
  begun.add(survey);
  /** @type {Record<string, string>} */
  const own = {};
  let isWrong = false;
  for (const name in RULES) {
    const value = survey.attributes.getNamedItem('data-' + name)?.value.trim();
    const kept = value != null && /** @type {RegExp} */ (RULES[name]).exec(value)?.[0];
    if (kept != null && kept !== false) own[name] = kept;
    isWrong ||= !!value && kept != value;
  }
  // In advance, because Send does not wait. The mark leaves the page with Send, if at all.
  const secret = makeSecret();
  const hash = await hashOf(secret);
  if (isWrong || !hash && isOn(survey.set.debug)) import('./say.js').then((say) => say.begin(survey)).catch(() => {});
  const answer = await fetch(new URL(survey.locale + '.further.json', import.meta.url));
  const asked = { ...survey, set: { ...survey.set, ...own }, words: { ...survey.words, ...await answer.json() } };
  survey.script.adopt(root, FURTHER);
  const sheet = root.adoptedStyleSheets.at(-1);
  /** @param {Markup} markup */
  const make = (markup) => build(asked, markup);
  /**
   * The sentence that an element shows, as an answer holds it: cut to the contract's limit, which it can exceed with the
   * subject.
   *
   * @param {string} selector
   */
  const shown = (selector) => /^.{1,500}/su.exec(element.querySelector(selector)?.textContent || '')?.[0];
  /**
   * A field for a line, with its label.
   *
   * @param {string} id
   * @param {string} name
   * @param {Record<string, string>} attributes
   * @param {Markup[]} rest
   */
  const field = (id, name, attributes, ...rest) => ['div', {},
    ['label', { for: id }, ['span', {}, name], ' ', ['span', { class: 'optional' }, '$_optional']],
    ['input', { id, type: 'text', ...attributes }], ...rest];

  const element = make(['div', { class: 'further' }, ['fieldset', {}, ['legend', {}, '$_reasons']]]);
  const reasons = element.firstChild;
  /** @type {Set<string>} */
  const tapped = new Set();
  /** @type {string[]} */
  let offered = [];
  const offer = () => {
    const all = reasonsOf(own['reasons' + segmentOf(survey.score || 0)] || own.reasons);
    offered = all.map(([id]) => id);
    reasons.hidden = !all[0];
    reasons.replaceChildren(reasons.firstChild, ...all.map(([value, words]) => {
      const label = make(['label', {}, ['input', { type: 'checkbox', value }], ['span', {}]]);
      label.lastChild.textContent = words;
      const box = label.firstChild;
      box.checked = tapped.has(value);
      box.oninput = () => box.checked ? tapped.add(value) : tapped.delete(value);
      return label;
    }));
  };
  offer();

  /** @type {HTMLInputElement | undefined} */
  let contact;
  if (isOn(own.contact)) {
    element.append(make(field('contact', '$_contact', { inputmode: 'email', autocomplete: 'email', maxlength: MAX_CONTACT + '',
      placeholder: '$_hint', 'aria-describedby': 'contact-text' }, ['p', { id: 'contact-text' }, '$contact-text'])));
    contact = element.querySelector('#contact');
  }

  /** @type {HTMLInputElement | undefined} */
  let quotable;
  /** @type {HTMLInputElement | undefined} */
  let name;
  if (isOn(own['quote-permission'])) {
    const box = quotable = make(['input', { id: 'quotable', type: 'checkbox' }]);
    const more = make(field('quote-name', '$_name', { autocomplete: 'given-name', maxlength: MAX_FIRST_NAME + '' }));
    const line = make(['div', { class: 'quote' }, ['label', { for: 'quotable' }, '$quote-text']]);
    line.prepend(box);
    box.oninput = () => more.hidden = !box.checked;
    more.hidden = true;
    name = more.querySelector('input');
    element.append(line, more);
  }

  /** @returns {FurtherAnswers} */
  const now = () => {
    const reasons = offered.filter((id) => tapped.has(id));
    return {
      reasons: reasons[0] ? reasons : undefined,
      quotable: quotable?.checked,
      quote_name: (quotable?.checked && name?.value.trim()) || undefined,
      contact: contact?.value.trim() || undefined,
      method: { contact_text: shown('#contact-text'), quote_text: shown('.quote') },
    };
  };
  let before = '';
  const edit = () => {
    const said = JSON.stringify(now());
    if (before == (before = said)) return;
    survey.edition = (survey.edition || 0) + 1;
    survey.widget?.(0);
  };
  /** @type {FurtherAnswers | undefined} */
  let atSend;
  // Whether the customer gets the link to the answer's page. Once the endpoint may have its mark, that stays so.
  let isLinked = isOn(own.receipt);
  root.addEventListener('submit', () => {
    const said = now();
    isLinked ||= !!(said.contact || said.quotable);
    atSend = { ...said, answer_page: isLinked && hash ? hex(hash) : undefined };
  }, true);
  /** @type {Record<number, FurtherAnswers>} */
  const sent = {};
  // Another revision that is complete, such as a corrected score, says what was said when Send was pressed.
  survey.said = (message) => message.complete && atSend ? addition(message, sent[message.revision] ||= atSend) : undefined;

  let isThanked = false;
  /** Puts the element into the form that stands in the page, and the links into its thanks. */
  const furnish = () => {
    // Another survey may have begun in the same root (anew.js), which is then without this sheet.
    if (root.adoptedStyleSheets.indexOf(/** @type {CSSStyleSheet} */ (sheet)) < 0) return;
    const failed = root.querySelector('.failed');
    if (failed) {
      if (element.nextSibling != failed) failed.before(element);
      edit();
    }
    // While the answer is being sent, nothing of it changes.
    element.inert = !!root.querySelector('textarea')?.readOnly;
    const links = root.querySelector('.links');
    if (!links || isThanked) return;
    isThanked = true;
    /**
     * @param {string} id
     * @param {string} href
     * @param {string} words
     */
    const link = (id, href, words) => make(['a', { id, part: 'link', href, target: '_blank', rel: 'noreferrer' }, words]);
    links.append(link('community', '$community-url', '$community-label'));
    // The thanks come once the endpoint has the answer. It has no mark if this file came only after Send.
    if (isLinked) {
      // It may be no JSON; in a preview there is none.
      Promise.resolve(survey.reply?.json()).catch(() => {}).then((said) => {
        const page = pageOf(survey, secret, said, atSend?.answer_page);
        if (!page) return;
        const line = make(['div', { class: 'links' }, '$receipt-text']);
        line.prepend(link('receipt', page, '$_receipt'));
        links.after(line);
      });
    }
  };
  element.addEventListener('input', furnish);
  host.addEventListener('afterword:scored', () => {
    offer();
    furnish();
  });
  new MutationObserver(furnish).observe(root, { subtree: true, childList: true, attributeFilter: ['readonly'] });
  furnish();
};
