// @ts-check
// Handles attributes that change after a survey was painted. A part of takeover.js, and so of every mode.
import { hasEnded } from './memory.js';
import { FACT, readAll, settle } from './settings.js';

/** @import { Survey } from '../survey.js' */

/** The attribute that names the order, without `data-`. */
const ORDER = 'order-id';

/**
 * Returns a function that gives the facts for a message of the widget. Each revision keeps its facts, however often it
 * is sent.
 *
 * @param {Survey} survey
 */
export const currentFacts = (survey) => {
  /** @type {Record<number, ReturnType<Survey['script']['facts']>>} */
  const said = {};
  return (/** @type {{ revision?: number }} */ { revision }) => revision ? said[revision] ||= survey.script.facts(survey.set) : {};
};

/**
 * Whether a survey has a comment that the customer has not sent yet.
 *
 * @param {Survey} survey
 */
const isWriting = ({ host, root }) => !host.hidden && !!root.querySelector('textarea')?.value;

/**
 * Watches the attributes of a survey, and takes new facts into it. Another order asks anew, unless this order has no
 * answer yet. Warns once in the console about changes that are too late: of other attributes, and of the order while
 * the customer writes.
 *
 * Returns whether it asks anew already.
 *
 * @param {Survey} survey
 * @returns {boolean}
 */
export const follow = (survey) => {
  const { host } = survey;
  const was = readAll(survey.attributes).set;
  let isTold = false;
  const update = () => {
    const is = readAll(host.attributes).set;
    // The first order id is accepted even after a score.
    const order = survey.set[ORDER];
    const isOther = order && order != is[ORDER];
    const isAnother = isOther && (survey.score != null || host.hidden);
    if (isOther && is[ORDER] && !isWriting(survey) && (isAnother || hasEnded({ ...survey.set, [ORDER]: is[ORDER] }))) {
      observer.disconnect();
      import('./anew.js').then((anew) => anew.startAnew(host, survey), () => {});
      return true;
    }
    if (!isAnother) settle(survey);
    const late = Object.keys({ ...was, ...is }).map((name) => 'data-' + name)
      .filter((name) => !FACT.test(name) && `${was[name.slice(5)]}` != `${is[name.slice(5)]}`);
    if (isAnother) late.push('data-' + ORDER);
    if (!late[0] || isTold) return false;
    isTold = true;
    import('./say.js').then((say) => say.tooLate(late)).catch(() => {});
    return false;
  };
  const observer = new MutationObserver(update);
  observer.observe(host, { attributes: true });
  return update();
};
