import { createElement, useEffect } from 'react';
import { load } from './index.js';

export { load };

/** The survey's element, and the script once the page is in a browser. */
export const Survey = ({ src, nonce, ...attributes }) => {
  useEffect(() => {
    load({ src, nonce }).catch((error) => console.warn(error));
  }, [src, nonce]);
  return createElement('afterword-survey', attributes);
};
