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
import { moment } from './moment.js';
import { paint } from './paint.js';
import { plan, post } from './sending.js';
import { handOver } from './handover.js';
import { uuid } from './uuid.js';

/**
 * What is known of one survey. Every room of the script is given it; later files are, too.
 *
 * @typedef Survey
 * @property {Script} script what later files may call; they import what keeps nothing
 * @property {HTMLElement} host
 * @property {ShadowRoot} root
 * @property {Form} form the painted form; the widget takes the place of its parent
 * @property {Settings} set what the shop set
 * @property {NamedNodeMap} attributes as they stood in the page when the survey began
 * @property {boolean} [warned] whether the console was told of those that are wrong
 * @property {string} locale
 * @property {Record<string, string>} words the locale's, by key; at first only those of the first step
 * @property {Promise<void>} [fetching] the rest of them
 * @property {string} site the subject of last resort
 *
 * @property {string} id the response's
 * @property {URL} at where it stands
 * @property {string} page the same as an answer carries it: without query and fragment, and until later/settings.js
 *   has looked for secrets in it, without its path
 * @property {string} shown_at
 * @property {number} [score]
 * @property {string} [scored_at]
 * @property {string} [layout] as it was then
 * @property {boolean} [complete] whether Send was pressed
 *
 * @property {URL} endpoint
 * @property {string} kind the content type
 * @property {(message: object) => URLSearchParams} [flat] makes a form of a message, where the shop wants that
 * @property {number} revision the last that was made, 0 if none
 * @property {number} [sent_score] the score in it
 * @property {number} [state] see delivery.js; absent: IDLE
 * @property {number} [timer] that ends WAITING
 * @property {Revision} [outgoing] the revision that is to arrive; absent: one that is made when it is to be sent
 * @property {Promise<Response | null>} [pending] what comes of the last attempt, unless it has arrived
 * @property {Keep} [keep] keeps a revision beyond the page until it has arrived
 * @property {(reason?: unknown) => void} [abandon] ends the running attempt as if nothing had come back
 * @property {boolean} [reading] whether the endpoint's answers have to be read before they count
 * @property {Promise<unknown>} [completing] later/form.js
 * @property {(revision: Revision, answer: Response | null) => void} [onAnswer] tells later/form.js what came of an attempt
 *
 * @property {boolean} [seen] later/seen.js: whether the page was told that the question was shown
 * @property {() => number} [rest] later/typing.js: how long the score that has just been chosen rests, in milliseconds
 * @property {boolean} [dressed] whether later/colours.js keeps its colours
 * @property {boolean} [down] whether a finger or a key is down
 * @property {(answer?: Response | null) => void} [widget] tells the widget what comes of a pending attempt, or that the
 *   page is being hidden. Absent as long as the painted form stands.
 */

/**
 * What the shop set, by attribute without `data-`: a text, or the items of a list.
 *
 * @typedef {Record<string, any>} Settings
 */

/**
 * What attributes allow: of a list, the pattern of an item and how many there may be; of everything else, the
 * pattern of what is taken. See `Rule::pattern` in src/attributes.rs.
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
 * Keeps a revision under way beyond the page. Returns what to call with the status of its answer.
 *
 * @typedef {(id: string | undefined, request: Request, body: string) => ((status: number) => void) | undefined} Keep
 */

/**
 * Built markup: the element's name, its attributes, its children.
 *
 * @typedef {any[]} Markup
 */

/** @typedef {HTMLFormElement & { elements: { score: RadioNodeList } }} Form */

/** @typedef {typeof script} Script */

/**
 * Where the shop tries the survey out, the page's address says so behind its `#`, in words that the collector has
 * signed and knows again. They are read when the script comes and hold for the page's life, whatever becomes of the
 * address.
 */
const trial = /** @type {any} */ (/&afterword-try.*/).exec(location);

/**
 * Shows a survey in its element. Rejects if that cannot be done.
 *
 * @param {HTMLElement} host
 */
export const start = async (host) => {
  // Whoever inserts an element may set its attributes right after.
  await 0;
  const survey = record(host);
  const { set } = survey;
  if (set.storage != 'none') begin('outbox', survey);
  await script.moment(survey);
  await paint(survey);
  handOver(survey);
  listen(survey);
  return survey;
};

/** What later files may call, and put others in the place of. */
const script = { attempt, close, complete, hasConsent, moment, plan, post, quiet };

/**
 * The address that the shop has set, or if it is none after all, the one that holds without.
 *
 * @param {string | undefined} own
 * @param {URL | Location} other
 */
const address = (own, other) => {
  try {
    const url = new URL(/** @type {any} */ (own || other), document.baseURI);
    if (/^http/.test(/** @type {any} */ (url))) return url;
  } catch {
    // No address.
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
    site: /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[property="og:site_name"]'))?.content || location.hostname,
    // Across origins, JSON as plain text needs no preflight.
    kind: endpoint.origin == location.origin ? 'application/json' : 'text/plain;charset=UTF-8',
  });
};
