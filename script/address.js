// @ts-check

/**
 * A page's path with `*` in place of every part that may say who somebody is, or let others in: an e-mail address, a
 * long token, a UUID. `without_secrets` in response/src/page.rs does the same.
 *
 * @param {string} path
 */
export const withoutSecrets = (path) => path.replace(/[^/]*(@|%40|(?=\w*\d)\w{20}|(-[\da-f]{4}){3}-)[^/]*/gi, '*');
