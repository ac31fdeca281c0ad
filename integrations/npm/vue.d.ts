import type { DefineComponent } from 'vue';
import type { AfterwordAttributes, LoadOptions } from './index.js';

export { load } from './index.js';
export type * from './index.js';

/**
 * The survey's element, and the script once the page is in a browser. Give it a `key` that changes with the order, so that the next
 * order is asked about anew. Its events: `@afterword:scored`.
 */
export const Survey: DefineComponent<LoadOptions & AfterwordAttributes>;
