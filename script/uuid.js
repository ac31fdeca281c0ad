// @ts-check

/**
 * A UUID of version 7: 12 hexadecimal digits of time, then random bits. It is valid for any clock: a time before 1970
 * counts as 1970, and one after the year 10889 loses its first digits.
 *
 * @param {number} now whole milliseconds since 1970
 */
export const uuid = (now) => [
  (2 ** 48 + Math.max(now, 0)).toString(16).slice(-12),
  ...[...crypto.getRandomValues(new Uint8Array(18))].map((byte) => (byte % 16).toString(16)),
].join('').replace(/(.{8})(.{4})(...)(...)/, '$1-$2-7$3-8$4-');
