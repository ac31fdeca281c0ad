// @ts-check
// What is under way to the endpoint from the painted form; `Delivery` in src/survey.rs says it of the widget.
// Numbers, which esbuild puts in the place of the names.

/** Nothing is unsent. */
export const IDLE = 0;
/** A revision waits for its time: a score that may still be corrected, or the next attempt. */
export const WAITING = 1;
/** An attempt is under way. */
export const SENDING = 2;
/** The last attempt failed, and no other is planned: the next event of the page causes one. */
export const FAILED = 3;
