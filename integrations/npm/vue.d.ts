import type { DefineComponent, GlobalComponents } from 'vue';
import type { AfterwordAttributes, LoadOptions } from './index.js';

export { load } from './index.js';
export type * from './index.js';

/** The attributes as Vue's tools name them where a template has them: `dataMode` for `data-mode`. Always write `data-mode`, in `h`, too. */
type InTemplates = InstanceType<GlobalComponents['AfterwordSurvey']>['$props'];

/**
 * The survey's element, and the script once the page is in a browser. Give it a `key` that changes with the order, so that the next
 * order is asked about anew. Its events: `@afterword:scored`.
 */
export const Survey: DefineComponent<LoadOptions & AfterwordAttributes & InTemplates>;
