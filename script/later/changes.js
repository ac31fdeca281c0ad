// @ts-check
// Handles attributes that change after a survey was painted. A part of takeover.js, and so of every mode.
import { facts } from '../message.js';
import { FACT, readAll, settle } from './settings.js';

/** @import { Survey } from '../survey.js' */

/**
 * Returns a function that gives the facts for a message of the widget. Each revision keeps its facts, however often it
 * is sent.
 *
 * @param {Survey} survey
 */
export const currentFacts = (survey) => {
  /** @type {Record<number, ReturnType<typeof facts>>} */
  const said = {};
  return (/** @type {{ revision?: number }} */ { revision }) => revision ? said[revision] ||= facts(survey.set) : {};
};

/**
 * Watches the attributes of a survey, and takes new facts into it. It warns once in the console about changes that are
 * too late: of other attributes, and of the order after a score.
 *
 * @param {Survey} survey
 */
export const follow = (survey) => {
  const { host } = survey;
  const was = readAll(survey.attributes).set;
  let isTold = false;
  const update = () => {
    const is = readAll(host.attributes).set;
    // The first order id is accepted even after a score.
    const order = survey.set['order-id'];
    const isAnother = order && order != is['order-id'] && survey.score != null;
    if (!isAnother) settle(survey);
    const late = Object.keys({ ...was, ...is }).map((name) => 'data-' + name)
      .filter((name) => !FACT.test(name) && `${was[name.slice(5)]}` != `${is[name.slice(5)]}`);
    if (isAnother) late.push('data-order-id');
    if (!late[0] || isTold) return;
    isTold = true;
    import('./say.js').then((say) => say.late(late)).catch(() => {});
  };
  update();
  new MutationObserver(update).observe(host, { attributes: true });
};
