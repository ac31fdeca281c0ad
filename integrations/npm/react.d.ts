import type { HTMLAttributes, ReactElement } from 'react';
import type { AfterwordAttributes, LoadOptions } from './index.js';

export { load } from './index.js';
export type * from './index.js';

export type SurveyProps = LoadOptions & HTMLAttributes<HTMLElement> & AfterwordAttributes;

/**
 * The survey's element, and the script once the page is in a browser. Give it a `key` that changes with the order, so that the next
 * order is asked about anew. Its events: `window.afterword.on('scored', …)`.
 */
export function Survey(props: SurveyProps): ReactElement;
