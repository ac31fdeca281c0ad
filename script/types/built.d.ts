/** What the build makes of the widget, its styles and its locales: see build/main.rs. */
import type { Markup } from '../survey.js';

/** The folder beside the script that holds everything else, with a slash at its end. */
export const FOLDER: string;
export const RELEASE: string;
/** The style of the first step. */
export const STYLE: string;
/** The first step. */
export const FORM: Markup;
/** The locale for a language tag in lower case: the locales' own, and others that ask for them. */
export const LOOKUP: Record<string, string>;
/** The words of the first step in the languages that are in the script. */
export const LOCALES: Record<string, Record<string, string>>;
/** What follows a score. */
export const MORE: Markup;
export const THANKS: Markup[];
/** The card's style, and the word of its button in every language. */
export const CORNER: string;
export const CLOSE: Record<string, string>;
