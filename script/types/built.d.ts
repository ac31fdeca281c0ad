/** The module `built`, which the build generates from the widget, its styles and its locales: see build/main.rs. */
import type { Markup, Rules } from '../survey.js';

/** The folder beside the script with all other files, with a slash at its end. */
export const FOLDER: string;
export const RELEASE: string;
/** The style of the first step. */
export const STYLE: string;
/** The markup of the first step. */
export const FORM: Markup;
/** The locale for a language tag in lower case: the locales' own tags, and other tags that mean one of them. */
export const LANGUAGES: Record<string, string>;
/** The part of LANGUAGES whose locales are in LOCALES. */
export const LOOKUP: Record<string, string | null>;
/** The texts of the first step in the languages that the script contains. */
export const LOCALES: Record<string, Record<string, string>>;
/** Matches the markup of a survey's element if later/when.js is needed for it. */
export const WHEN: RegExp;
/** The sentence that a score is saved, by locale, also with `-informal` at the end. */
export const SAVED: Record<string, string>;
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
/** The rules for attributes: in afterword.js of those that it uses itself, in later files of all. */
export const RULES: Rules;
/** The defaults of attributes. */
export const DEFAULTS: Record<string, string>;
/** The allowed values of attributes, in words. */
export const ALLOWED: Record<string, string>;
/** Matches the end of the name of a family's member, such as `-coupon` in `prop-coupon`. A family is `prop/` in the rules. */
export const MEMBER: RegExp;
export const MAX_IN_FAMILY: number;
/** The largest length of a comment, and the number of characters left at which the counter appears; in UTF-16 units. */
export const COMMENT: number;
export const NEAR_THE_END: number;
/** The largest length of a page's address. */
export const MAX_PAGE: number;
/** The markup of the link to the privacy notice. */
export const PRIVACY: Markup;
/** The markup of the step after a score. */
export const MORE: Markup;
export const THANKS: Markup[];
/** The name of the file, which for the files of modes is the mode. */
export const MODE: string;
/** The styles of the modes that stand over the page. */
export const CORNER: string;
export const TAB: string;
export const BESIDE: string;
export const BANNER: string;
export const DIALOG: string;
/** The style of what later/further.js asks, and the limits of that. */
export const FURTHER: string;
/** The style of quotes. */
export const QUOTES: string;
export const MAX_CONTACT: number;
export const MAX_FIRST_NAME: number;
export const MAX_REASONS: number;
export const REASON_ID: RegExp;
export const MAX_REASON_WORDS: RegExp;
/** The style of the self-check's panel. */
export const CHECK: string;
