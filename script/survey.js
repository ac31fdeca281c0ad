// @ts-check
// One survey, from its element in the page to the widget.
import { DEFAULTS, RULES } from 'built';
import { attempt } from './attempt.js';
import { read } from './attributes.js';
import { hasConsent } from './consent.js';
import { close } from './events.js';
import { begin, quiet } from './files.js';
import { base } from './home.js';
import { complete, listen } from './listen.js';
import { build } from './markup.js';
import { about, facts, write } from './message.js';
import { moment } from './moment.js';
import { paint } from './paint.js';
import { plan, post } from './sending.js';
import { adopt } from './sheet.js';
import { handOver } from './handover.js';
import { uuid } from './uuid.js';

/**
 * The state of one survey, which every module of the script gets as an argument.
 *
 * @typedef Survey
 * @property {Script} script the functions of afterword.js that later files may call. (They import only modules without
 *   state: a bundled copy would have its own.)
 * @property {HTMLElement} host
 * @property {ShadowRoot} root
 * @property {Form} form the painted form; the widget takes the place of its parent
 * @property {Settings} set the shop's settings
 * @property {NamedNodeMap} attributes the element's attributes when the survey began
 * @property {boolean} [warned] whether the console has the warnings about wrong attributes
 * @property {string} locale
 * @property {Record<string, string>} words the locale's texts, by key; at first only those of the first step
 * @property {Promise<void>} [fetching] settles when the other texts have arrived
 * @property {string} site what the question is about: the shop's subject, else the site's name; empty if there is neither
 *
 * @property {string} id the response's id
 * @property {URL} at the page's address
 * @property {string} page the page's address as an answer contains it: without query and fragment, and without its path
 *   until later/settings.js has replaced secrets in it
 * @property {string} shown_at
 * @property {number} [score]
 * @property {string} [scored_at]
 * @property {string} [layout] the layout when the score was chosen
 * @property {boolean} [complete] whether Send was pressed
 *
 * @property {URL} endpoint
 * @property {string} kind the content type
 * @property {(message: object) => URLSearchParams} [flat] turns a message into a form, if the shop chose that format
 * @property {number} revision the number of the last revision that was made, 0 if none
 * @property {number} [sent_score] the score in that revision
 * @property {number} [state] see delivery.js; absent: IDLE
 * @property {number} [timer] ends the state WAITING
 * @property {Revision} [outgoing] the revision to send; absent: it is made when it is sent
 * @property {Promise<Response | null>} [pending] the result of the last attempt, while the revision has not arrived
 * @property {Response} [reply] the endpoint's last response
 * @property {Keep} [keep] stores a revision in the browser until it has arrived
 * @property {(reason?: unknown) => void} [abandon] makes the running attempt fail
 * @property {Promise<unknown>} [completing] settles when later/form.js has completed the form
 * @property {(revision: Revision, answer: Response | null) => void} [onAnswer] later/form.js: receives the result of an
 *   attempt
 *
 * @property {number} [edition] later/further.js: how often that has changed which is said beside the comment
 * @property {(message: Record<string, any>) => object | undefined} [said] later/further.js: what is added to a message, which
 *   is the same whenever the same revision is sent
 * @property {boolean} [seen] later/seen.js: whether `afterword:shown` was dispatched
 * @property {() => number} [rest] later/typing.js: the time in milliseconds that the script waits before it sends the
 *   score that has just been chosen
 * @property {boolean} [isOpen] later/when.js: whether the page has opened it before it was painted
 * @property {boolean} [down] whether a finger or a key is down
 * @property {(answer?: Response | null | number) => void} [widget] gives the widget the result of a pending attempt; a number
 *   tells it that what is said beside the comment has changed, no argument that the page is being hidden. Absent while the painted form is in the page.
 */

/**
 * The shop's settings, by attribute without `data-`: a text, or the items of a list.
 *
 * @typedef {Record<string, any>} Settings
 */

/**
 * The allowed values of attributes: for a list, the pattern of an item and the largest number of items; for all others,
 * the pattern of the part that is used. See `Rule::pattern` in src/attributes.rs.
 *
 * @typedef {Record<string, RegExp | [RegExp, number]>} Rules
 */

/**
 * A revision of the answer, as a request.
 *
 * @typedef {{ method: string, headers: Record<string, string>, body: string | URLSearchParams }} Revision
 */

/**
 * The part of a survey that attempts need.
 *
 * @typedef {Partial<Survey>} Attempting
 */

/**
 * Stores a revision that is being sent, so that it outlives the page. Returns a function to call with the
 * response.
 *
 * @typedef {(id: string | undefined, request: Request, body: string) => ((answer: Response) => void) | undefined} Keep
 */

/**
 * Built markup: the element's name, its attributes, its children.
 *
 * @typedef {any[]} Markup
 */

/** @typedef {HTMLFormElement & { elements: { score: RadioNodeList } }} Form */

/**
 * Carries a request, also where the browser does not keep it alive when the page closes.
 *
 * @typedef {(request: Request, init: RequestInit, body: string) => Promise<Response>} Carrier
 */

/**
 * The functions of afterword.js. In older browsers later/old.js adds one that reads a colour, and one that carries requests.
 *
 * @typedef {{
 *   about: typeof about, adopt: typeof adopt, attempt: typeof attempt, build: typeof build, close: typeof close,
 *   complete: typeof complete, facts: typeof facts, hasConsent: typeof hasConsent, moment: typeof moment, plan: typeof plan,
 *   post: typeof post, quiet: typeof quiet, serialize: typeof write, pixel?: (computed: string) => number[], carrier?: Carrier,
 * }} Script
 */

/**
 * If the shop opened the page as a test, the fragment of its address has a mark that the collector has signed. The script
 * reads it once, when it loads, so the mark stays valid even if the address changes.
 */
const trial = /** @type {any} */ (/&afterword-try.*/).exec(location);

/**
 * Shows a survey in its element. Rejects if that fails.
 *
 * @param {HTMLElement} host
 */
export const start = async (host) => {
  // The page may set the attributes right after inserting the element. Older browsers lack something of our style sheets.
  await (CSS.supports('color:lab(from currentColor calc((49.4 - l)*99) 0 0)') || begin('old', script));
  const survey = record(host);
  const { set } = survey;
  // Longer than `none`.
  if (set.storage?.[4]) begin('outbox', survey);
  await script.moment(survey);
  await paint(survey);
  handOver(survey);
  listen(survey);
  return survey;
};

/**
 * The functions that later files may call and replace. What is here need not be in those files, too.
 *
 * @type {Script}
 */
export const script = { about, adopt, attempt, build, close, complete, facts, hasConsent, moment, plan, post, quiet, serialize: write };

/**
 * The address that the shop has set, or if it is missing or not a web address, the other one.
 *
 * @param {string | undefined} own
 * @param {URL | Location} other
 */
const address = (own, other) => {
  try {
    const url = new URL(/** @type {any} */ (own || other), document.baseURI);
    if (/^http/.test(/** @type {any} */ (url))) return url;
  } catch {
    // It cannot be parsed.
  }
  return new URL(/** @type {any} */ (other));
};

/**
 * @param {HTMLElement} host
 * @returns {Survey}
 */
const record = (host) => {
  const set = { ...DEFAULTS, ...read(host.attributes, RULES) };
  const at = address(set.page, location);
  const endpoint = address(set.endpoint, new URL('v1/responses', base));
  if (trial) endpoint.search += trial;
  return /** @type {Survey} */ ({
    script, host, set, endpoint,
    attributes: /** @type {HTMLElement} */ (host.cloneNode()).attributes,
    id: uuid(Date.now()),
    revision: 0,
    at, page: at.origin + '/',
    site: set.subject || /** @type {HTMLMetaElement | null} */ (document.querySelector('[property="og:site_name"]'))?.content || location.hostname,
    // Across origins, JSON as plain text needs no preflight.
    kind: endpoint.origin == location.origin ? 'application/json' : 'text/plain;charset=UTF-8',
  });
};
