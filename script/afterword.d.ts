/** Types of what afterword.js brings to a page. */

/** What every event's `detail` holds. */
export interface AfterwordDetail {
  /** The response's id, a UUIDv7: the same that the endpoint receives. */
  readonly id: string;
  /** The survey's id, from `data-survey`. */
  readonly survey: string;
  /** The score as it stands, 0 to 10; absent before there is one. */
  readonly score?: number;
}

/** The question was painted; a score was chosen or corrected; the whole answer arrived at the endpoint; the survey was closed before that, by the page or, in the corner, by the customer; it could not be sent, or the survey could not be shown. */
export type AfterwordEventName = 'shown' | 'scored' | 'submitted' | 'dismissed' | 'failed';

export interface Afterword {
  /** The release, as stamped on each answer. */
  readonly release: string;
  /** Shows every survey on the page: those that were closed, and those that wait for an event. */
  open(): void;
  /** Hides every survey on the page. What was answered, and what is on its way, is kept. */
  close(): void;
  /** With `data-consent="required"`: whether anything may be kept in the browser. `false` deletes what is. */
  consent(given: boolean): void;
  /** Calls `listener` on every event of that name on the page; gives a function that ends it. */
  on<Name extends AfterwordEventName>(name: Name, listener: (event: DocumentEventMap[`afterword:${Name}`]) => void): () => void;
}

// begin: written by `cargo xtask generate` from src/attributes.rs
/** What a survey can be told, on `<afterword-survey>` or on the script's tag. All are optional. */
export interface AfterwordAttributes {
  /** Where answers go. Allowed: http, https, or a path. Default: `/v1/responses` beside the script. */
  'data-endpoint'?: string;
  /** How answers are written. Allowed: json, form. Default: `json`. */
  'data-format'?: 'json' | 'form';
  /** An extra header of the request: `data-header-x-shop="berlin"`. Allowed: up to 30, 500 plain characters each, and a name in the place of *. */
  [name: `data-header-${string}`]: string | undefined;
  /** What is sent besides answers: `all` tells the endpoint also when the question was shown, and closed unanswered. Allowed: answers, all. Default: `answers`. */
  'data-report'?: 'answers' | 'all';
  /** The survey's id, in the answers. Allowed: 64 letters, digits, '.', '_' or '-'. Default: `default`. */
  'data-survey'?: string;
  /** The moment in the journey. Allowed: visit, order, delivery, support, return. Default: `order`. */
  'data-touchpoint'?: 'visit' | 'order' | 'delivery' | 'support' | 'return';
  /** What is recommended, in the question. Allowed: 100 characters. Default: the site's name. */
  'data-subject'?: string;
  /** Another question; `{subject}` stands for the subject, here and in every text. Allowed: 500 characters. Default: by locale. */
  'data-question'?: string;
  /** The label at 0. Allowed: 100 characters. Default: by locale. */
  'data-low-label'?: string;
  /** The label at 10. Allowed: 100 characters. Default: by locale. */
  'data-high-label'?: string;
  /** The question after the score. Allowed: 500 characters. Default: by locale. */
  'data-follow-up'?: string;
  /** Another question after 0-6. Allowed: 500 characters. */
  'data-follow-up-detractor'?: string;
  /** Another question after 7 and 8. Allowed: 500 characters. */
  'data-follow-up-passive'?: string;
  /** Another question after 9 and 10. Allowed: 500 characters. */
  'data-follow-up-promoter'?: string;
  /** The hint in the empty comment box. Allowed: 100 characters. Default: by locale. */
  'data-placeholder'?: string;
  /** The thanks. Allowed: 500 characters. Default: by locale. */
  'data-thanks'?: string;
  /** Other thanks after 0-6. Allowed: 500 characters. */
  'data-thanks-detractor'?: string;
  /** Other thanks after 7 and 8. Allowed: 500 characters. */
  'data-thanks-passive'?: string;
  /** Other thanks after 9 and 10. Allowed: 500 characters. */
  'data-thanks-promoter'?: string;
  /** Where to write a public review; shown to every score. Allowed: http, https, mailto, tel, or a path. Default: not shown. */
  'data-review-url'?: string;
  /** The review link's words. Allowed: 100 characters. Default: by locale. */
  'data-review-label'?: string;
  /** Where to get help; shown besides after 0-6. Allowed: http, https, mailto, tel, or a path. Default: not shown. */
  'data-support-url'?: string;
  /** The help link's words. Allowed: 100 characters. Default: by locale. */
  'data-support-label'?: string;
  /** Your privacy notice, beside the button. Allowed: http, https, mailto, tel, or a path. Default: not shown. */
  'data-privacy-url'?: string;
  /** Where the question stands: where the tag does, or as a card in the window's lower corner, on phones a sheet at the lower edge. Allowed: inline, corner. Default: `inline`. */
  'data-mode'?: 'inline' | 'corner';
  /** Which corner: of the side where lines start, or where they end. Allowed: start, end. Default: `end`. */
  'data-position'?: 'start' | 'end';
  /** The language. Allowed: a tag such as de or pt-BR. Default: the page's `lang`. */
  'data-locale'?: string;
  /** How customers are addressed: Sie or du. Allowed: formal, informal. Default: `formal`. */
  'data-address'?: 'formal' | 'informal';
  /** Colours: the page's own, or fixed ones. Allowed: auto, light, dark. Default: `auto`. */
  'data-theme'?: 'auto' | 'light' | 'dark';
  /** The colour of the chosen score and the button. Allowed: a colour such as #1a56db. Default: the text's colour. */
  'data-accent'?: string;
  /** The order's number. Allowed: 128 characters. */
  'data-order-id'?: string | number;
  /** The order's total. Allowed: a number such as 129.90. */
  'data-order-value'?: string | number;
  /** The total's currency. Allowed: three capital letters such as EUR. */
  'data-order-currency'?: string;
  /** The country it goes to. Allowed: two capital letters such as DE. */
  'data-order-country'?: string;
  /** What was bought: `Pot, Can`, or, where names have commas, `data-products='["Pot, blue", "Can"]'`. Allowed: up to 50, 128 characters each, with commas or as a JSON list. */
  'data-products'?: string;
  /** The customer's number. Allowed: 128 characters. */
  'data-customer-id'?: string | number;
  /** Whether they bought here before. Allowed: new, returning. */
  'data-customer-kind'?: 'new' | 'returning';
  /** A fact of your own: `data-prop-coupon="WELCOME"`. Allowed: up to 30, 500 characters each, and a name in the place of *. */
  [name: `data-prop-${string}`]: string | number | boolean | undefined;
  /** Labels of your own, written like `data-products`. Allowed: up to 20, 64 characters each, with commas or as a JSON list. */
  'data-tags'?: string;
  /** Asks when the page dispatches this event, and fetches nothing before. Allowed: an event's name, without spaces. Default: at once. */
  'data-on'?: string;
  /** Keeps answers that could not be sent in the customer's browser, for up to 30 days, until a later page can. Allowed: none, session, local. Default: `none`. */
  'data-storage'?: 'none' | 'session' | 'local';
  /** Keeps nothing there before your page has called `afterword.consent(true)`. Allowed: required. Default: not needed. */
  'data-consent'?: 'required';
  /** Shows everything, sends nothing. Allowed: true, false, or nothing for true. Default: `false`. */
  'data-preview'?: boolean | 'true' | 'false' | '';
  /** Opens the shadow root to your tools. Allowed: true, false, or nothing for true. Default: `false`. */
  'data-debug'?: boolean | 'true' | 'false' | '';
}

/** The name of every attribute. */
export type AfterwordAttributeName = keyof AfterwordAttributes;
// end: written by `cargo xtask generate`

declare global {
  interface Window {
    afterword?: Afterword;
  }
  interface HTMLElementTagNameMap {
    'afterword-survey': HTMLElement;
  }
  /** They bubble from the `<afterword-survey>` element and cross shadow roots. */
  interface DocumentEventMap {
    'afterword:shown': CustomEvent<AfterwordDetail>;
    'afterword:scored': CustomEvent<AfterwordDetail>;
    'afterword:submitted': CustomEvent<AfterwordDetail>;
    'afterword:dismissed': CustomEvent<AfterwordDetail>;
    /** The detail is empty where the survey could not be shown at all. */
    'afterword:failed': CustomEvent<Partial<AfterwordDetail>>;
  }
}

// React (JSX), where the page has it.
// @ts-ignore
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore
      'afterword-survey': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & AfterwordAttributes;
    }
  }
}

/** `data-low-label` as Vue's tools call it: `dataLowLabel`. */
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;

// Vue (templates), where the page has it. Tell its compiler that the element is none of Vue's: `isCustomElement`.
// @ts-ignore
declare module 'vue' {
  interface GlobalComponents {
    // @ts-ignore
    AfterwordSurvey: new () => { $props: import('vue').HTMLAttributes & { [Name in keyof AfterwordAttributes as Camel<Name>]: AfterwordAttributes[Name] } };
  }
}
