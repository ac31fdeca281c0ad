// @ts-check
// What becomes of attributes that change after a survey was painted. A part of takeover.js.
import { facts } from '../message.js';
import { FACT, readAll, settle } from './settings.js';

/** @import { Survey } from '../survey.js' */

/**
 * The facts of a survey as an answer of the widget's carries them. What one revision says stays the same, however
 * often it is sent.
 *
 * @param {Survey} survey
 */
export const currentFacts = (survey) => {
  /** @type {Record<number, ReturnType<typeof facts>>} */
  const said = {};
  return (/** @type {{ revision?: number }} */ { revision }) => revision ? said[revision] ||= facts(survey.set) : {};
};

/**
 * Follows the attributes of a survey. Facts are taken over; another order is asked about anew. Of other attributes the
 * console is told, once, that they come too late.
 *
 * @param {Survey} survey
 */
export const follow = (survey) => {
  const { host, root, script } = survey;
  const was = readAll(survey.attributes).set;
  let isTold = false;
  const update = () => {
    const is = readAll(host.attributes).set;
    const order = survey.set['order-id'];
    // A first order id is a fact that has come late. Of another one nobody has said anything, unless nobody has of the
    // first.
    const isAnother = order && is['order-id'] && order != is['order-id'];
    if (isAnother && (survey.score != null || host.hidden)) {
      observer.disconnect();
      askAnew();
      return;
    }
    settle(survey);
    const late = Object.keys({ ...was, ...is }).map((name) => 'data-' + name)
      .filter((name) => !FACT.test(name) && `${was[name.slice(5)]}` != `${is[name.slice(5)]}`);
    if (!late[0] || isTold) return;
    isTold = true;
    console.warn(`afterword: ${late.join(', ')} changed after the question was shown; that has no effect. Set it before the element is inserted, or insert a new element`);
  };
  const observer = new MutationObserver(update);
  const askAnew = () => {
    // What is unsent of the answer about the other order goes now; the page does not hear of it any more.
    if (survey.widget) survey.widget();
    else if (survey.state) script.plan(survey, 0, survey.outgoing);
    root.replaceChildren();
    root.adoptedStyleSheets = [];
    host.hidden = false;
    script.start(host, root).catch(() => {});
  };
  update();
  observer.observe(host, { attributes: true });
};
