// @ts-check

/** The engine's own Promise, even if the page has replaced the global one. */
export const Promise = /** @type {PromiseConstructor} */ ((async () => {})().constructor);
