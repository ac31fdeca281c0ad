// @ts-check
// Whether anything may be kept in the customer's browser. A part of outbox.js and of when.js.
import { asksForPrivacy } from '../signals.js';

/** @import { Survey } from '../survey.js' */

/**
 * Whether the page has given consent, or none is needed: neither by the shop's word nor by the browser's wish for
 * privacy.
 *
 * @param {Pick<Survey, 'set' | 'script'>} survey
 */
export const mayKeep = ({ set, script }) => script.hasConsent() || !(/^required/.test(set.consent) || asksForPrivacy());
