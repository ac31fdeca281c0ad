// @ts-check

/**
 * Whether the customer's browser asks that nothing be told or kept that is not needed: Global Privacy Control, or
 * Do Not Track.
 */
export const asksForPrivacy = () => /** @type {any} */ (navigator).globalPrivacyControl || /** @type {any} */ (navigator.doNotTrack) > 0;
