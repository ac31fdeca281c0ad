// @ts-check
// What becomes of attributes that change after a survey was painted. A part of takeover.js.
import { facts } from '../message.js';
import { readAll } from './settings.js';

/** @import { Survey } from '../survey.js' */

/** Attributes that say something about the order and the customer: they are read when an answer is sent. */
const FACTS = /^(order-|products$|customer-|prop-|tags$)/;

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
  const observer = new MutationObserver(() => update());
  const update = () => {
    const { set } = readAll(host.attributes);
    const order = survey.set['order-id'];
    const kept = Object.entries(survey.set).filter(([name]) => !FACTS.test(name));
    survey.set = { ...Object.fromEntries(kept), ...Object.fromEntries(Object.entries(set).filter(([name]) => FACTS.test(name))) };
    const late = Object.keys({ ...was, ...set }).filter((name) => !FACTS.test(name) && `${was[name]}` != `${set[name]}`);
    if (late[0] && !isTold) {
      isTold = true;
      console.warn(`afterword: ${late.map((name) => 'data-' + name).join(', ')} changed after the question was shown; that has no effect. Set it before the element is inserted, or insert a new element`);
    }
    // A first order id is a fact that has come late. Nobody has answered about the new order yet.
    if (!order || !set['order-id'] || order == set['order-id'] || survey.score == null && !host.hidden) return;
    observer.disconnect();
    askAnew();
  };
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
