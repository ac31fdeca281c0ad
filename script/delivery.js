// @ts-check
// The states of the painted form's delivery; those of the widget are `Delivery` in src/survey.rs. They are numbers, which
// esbuild inlines.

/** Nothing is unsent. */
export const IDLE = 0;
/** A revision waits to be sent: a score that may still be corrected, or the next attempt. */
export const WAITING = 1;
/** An attempt is under way. */
export const SENDING = 2;
/** The last attempt failed, and no other is planned; the next event of the page causes one. */
export const FAILED = 3;
