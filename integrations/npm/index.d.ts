export type {
  Afterword, AfterwordAttributeName, AfterwordAttributes, AfterwordCall, AfterwordDetail, AfterwordEventName,
} from './dist/afterword.js';

export interface LoadOptions {
  /** The address of `afterword.js`: your collector's, or that of a copy of this package's `dist/`. Its other files lie beside it. */
  src: string;
  /** The nonce of your content security policy. */
  nonce?: string;
}

/**
 * Appends the script's tag to the head, unless the page has it; on a server it does nothing. Rejects if the file cannot be loaded; a later
 * call tries again.
 */
export function load(options: LoadOptions): Promise<void>;
