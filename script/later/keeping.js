// @ts-check
// Decides whether anything may be stored in the customer's browser. A part of outbox.js, when.js and check.js.
import { asksForPrivacy } from '../signals.js';

/** @import { Survey } from '../survey.js' */

/**
 * Whether the page has given consent, or none is needed: consent is needed if the shop requires it, or if the browser
 * asks for privacy.
 *
 * @param {Pick<Survey, 'set' | 'script'>} survey
 */
export const mayKeep = ({ set, script }) => script.hasConsent() || !(/^required/.test(set.consent) || asksForPrivacy());
