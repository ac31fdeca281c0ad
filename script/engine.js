// @ts-check

/** The engine's own Promise, whatever the page has put in the place of that name. */
export const Promise = /** @type {PromiseConstructor} */ ((async () => {})().constructor);
