/** What the build makes of the widget, its styles and its locales: see build/main.rs. */
import type { Markup, Rules } from '../survey.js';

/** The folder beside the script that holds everything else, with a slash at its end. */
export const FOLDER: string;
export const RELEASE: string;
/** The style of the first step. */
export const STYLE: string;
/** The first step. */
export const FORM: Markup;
/** The locale for a language tag in lower case: the locales' own, and others that ask for them. */
export const LANGUAGES: Record<string, string>;
/** The part of LANGUAGES that leads to LOCALES. */
export const LOOKUP: Record<string, string | null>;
/** The words of the first step in the languages that are in the script. */
export const LOCALES: Record<string, Record<string, string>>;
/** Finds in the markup of a survey's element what later/when.js is for. */
export const WHEN: RegExp;
/** The constants of src/delivery.rs. */
export const SETTLE: number;
export const SETTLE_ARROW: number;
export const SETTLE_ONE: number;
export const ATTEMPTS: number;
export const FIRST_WAIT: number;
export const REVISION_JUMP: number;
export const JITTER: number;
export const PATIENCE: number;
export const DEADLINE: number;
export const RETRYABLE: RegExp;
/** What attributes allow: in afterword.js, of those that it uses itself; in later files, of all. */
export const RULES: Rules;
/** What holds where the shop has set nothing. */
export const DEFAULTS: Record<string, string>;
/** What attributes allow, in words. */
export const ALLOWED: Record<string, string>;
/** The end of the name of a family's member, such as `prop-coupon`. A family is `prop/` in the rules. */
export const MEMBER: RegExp;
export const MAX_IN_FAMILY: number;
/** How long a comment may be, and from how many characters left it is counted; UTF-16. */
export const COMMENT: number;
export const NEAR_THE_END: number;
/** How long a page's address may be. */
export const MAX_PAGE: number;
/** The link to the privacy notice. */
export const PRIVACY: Markup;
/** What follows a score. */
export const MORE: Markup;
export const THANKS: Markup[];
/** The card's style, and in every language the words of its button and of the link to the privacy notice. */
export const CORNER: string;
export const CLOSE: Record<string, string>;
/** The style of the self-check's panel. */
export const CHECK: string;
export const NOTICE: Record<string, string>;
