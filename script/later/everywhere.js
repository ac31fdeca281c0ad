// @ts-check
// Whether a survey asks again on every page. A part of when.js and of check.js.

/** @import { Settings } from '../survey.js' */

/**
 * Whether a survey opens by itself. A tab only offers to open it.
 *
 * @param {Settings} set
 */
export const opensItself = ({ mode }) => /corner|banner|dialog/.test(mode);

/**
 * Whether a survey opens by itself on every page, and nothing tells it that it did so before. With an event, with paths or
 * with an order the shop has chosen the page. The storages are longer than `none`.
 *
 * @param {Settings} set
 */
export const asksEverywhere = (set) => opensItself(set) && !set.storage?.[4] && !set.include && !set.on && !set['order-id'];
