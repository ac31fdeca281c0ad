/** The types of afterword.js. */

/** The `detail` of every event. */
export interface AfterwordDetail {
  /** The response's id, a UUIDv7: the same that the endpoint receives. */
  readonly id: string;
  /** The survey's id, from `data-survey`. */
  readonly survey: string;
  /** The current score, 0 to 10; absent before one is chosen. */
  readonly score?: number;
}

/**
 * - `shown`: half of the question was in view, or it was answered before that
 * - `scored`: a score was chosen or corrected
 * - `submitted`: the whole answer arrived at the endpoint
 * - `dismissed`: the page, or where it stands over the page the customer, closed the survey before it was submitted; with a tab, the card
 * - `failed`: the answer could not be sent, or the survey could not be shown
 * - `skipped`: the script decided not to show the survey now
 */
export type AfterwordEventName = 'shown' | 'scored' | 'submitted' | 'dismissed' | 'failed' | 'skipped';

/**
 * Why a survey is not shown now: the `reason` in the detail of `afterword:skipped`. The first that applies, in this order.
 *
 * - `consent`: `data-consent="required-to-show"`, and the page has not called `afterword.consent(true)`
 * - `page`: the path is not among `data-include`, or is among `data-exclude`
 * - `date`: it is before `data-from`, or after `data-until`
 * - `sample`: this customer is not in the share of `data-sample`
 * - `answered`, `snoozed`, `max-shows`: it was answered or closed too recently, or shown often enough
 * - `gap`: a survey of the site was shown too recently
 * - `another`: another survey that opens by itself is open on the page
 */
export type AfterwordSkipReason = 'consent' | 'page' | 'date' | 'sample' | 'answered' | 'snoozed' | 'max-shows' | 'gap' | 'another';

export interface Afterword {
  /** The release, as stamped on each answer. */
  readonly release: string;
  /** Shows every survey on the page, also those that were closed, are waiting for an event, or are behind a tab. */
  open(): void;
  /** Hides every survey on the page, with its tab. Answers and running requests are kept. */
  close(): void;
  /** With `data-consent="required"`: whether anything may be stored in the browser. `false` deletes what is stored. */
  consent(given: boolean): void;
  /**
   * Gives all surveys on the page new facts: order, customer, properties, tags, by the attributes' names without `data-`, such as `{ 'order-id': 'A-1001' }`.
   * Surveys that are not shown yet check their conditions again, as on a new route. If the script does not notice a change of route, call `context({})`.
   */
  context(facts: Record<string, string | number | boolean>): void;
  /** Calls `listener` on every event of that name on the page; returns a function that removes it. */
  on<Name extends AfterwordEventName>(name: Name, listener: (event: DocumentEventMap[`afterword:${Name}`]) => void): () => void;
  /**
   * Performs calls. Before the script has loaded, an array collects them, and the script performs them once it has loaded:
   *
   *     window.afterword ||= [];
   *     window.afterword?.push(['consent', true]);
   */
  push(...calls: AfterwordCall[]): void;
}

/** A function's name and its arguments, or the name of an event that surveys wait for with `data-on`. */
export type AfterwordCall = [name: 'open' | 'close'] | [name: 'consent', given: boolean]
  | [name: 'context', facts: Record<string, string | number | boolean>]
  | [name: 'on', event: AfterwordEventName, listener: (event: CustomEvent<AfterwordDetail>) => void] | [event: string];

// begin: attributes. The build writes them from src/attributes.rs, each with its own type.
export interface AfterwordAttributes {
  [name: `data-${string}`]: string | number | boolean | undefined;
}
export type AfterwordAttributeName = keyof AfterwordAttributes;
// end: attributes

declare global {
  interface Window {
    get afterword(): Afterword | undefined;
    set afterword(calls: Afterword | AfterwordCall[] | undefined);
  }
  interface HTMLElementTagNameMap {
    'afterword-survey': HTMLElement;
    /** What customers said and the shop may show: quotes.js. */
    'afterword-quotes': HTMLElement;
  }
  /** They bubble from the `<afterword-survey>` element and cross shadow roots. */
  interface DocumentEventMap {
    'afterword:shown': CustomEvent<AfterwordDetail>;
    'afterword:scored': CustomEvent<AfterwordDetail>;
    'afterword:submitted': CustomEvent<AfterwordDetail>;
    'afterword:dismissed': CustomEvent<AfterwordDetail>;
    'afterword:skipped': CustomEvent<AfterwordDetail & { readonly reason: AfterwordSkipReason }>;
    /** If no survey could be shown at all, it is dispatched on the document; the detail has the reason, if it is known. */
    'afterword:failed': CustomEvent<Partial<AfterwordDetail> & { readonly reason?: string }>;
  }
}

// React (JSX), if the page has it.
// @ts-ignore
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore
      'afterword-survey': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & AfterwordAttributes;
    }
  }
}

// Svelte (templates), if the page has it.
// @ts-ignore
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    // @ts-ignore
    'afterword-survey': HTMLAttributes<HTMLElement> & AfterwordAttributes;
  }
}

/** `data-low-label` in the form of Vue's tools: `dataLowLabel`. */
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;

// Vue (templates), if the page has it. Tell Vue's compiler by `isCustomElement` that the element is not a component.
// @ts-ignore
declare module 'vue' {
  interface GlobalComponents {
    // @ts-ignore
    AfterwordSurvey: new () => { $props: import('vue').HTMLAttributes & { [Name in keyof AfterwordAttributes as Camel<Name>]: AfterwordAttributes[Name] } };
  }
}
