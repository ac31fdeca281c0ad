// The types in Svelte's templates, which its tools look up among its elements. Svelte accepts every attribute that begins
// with `data-`, so only a wrong value is an error, as below `@ts-expect-error`.
import type { SvelteHTMLElements } from 'svelte/elements';

type Element = SvelteHTMLElements['afterword-survey'];

export const element: Element = { class: 'ask', 'data-mode': 'tab', 'data-order-id': 1001, 'data-layer': true, onclick: () => {} };

// @ts-expect-error: no such mode.
export const mode: Element = { 'data-mode': 'popup' };
