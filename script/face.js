// @ts-check
import { RELEASE } from 'built';
import { consent } from './consent.js';
import { SHOW, close, notify, notifyAll, surveys } from './events.js';

/**
 * The public face, `window.afterword`: see afterword.d.ts.
 *
 * @type {import('./afterword').Afterword}
 */
export const face = {
  release: RELEASE,
  open() {
    surveys.forEach((host) => {
      host.hidden = false;
      notify(host, SHOW);
    });
  },
  close() {
    surveys.forEach(close);
  },
  consent,
  on(name, listener) {
    document.addEventListener(`afterword:${name}`, /** @type {any} */ (listener));
    return () => document.removeEventListener(`afterword:${name}`, /** @type {any} */ (listener));
  },
  push(...calls) {
    // A name that is no function of ours is an event's name. Only notifyAll uses the last argument.
    for (const [type, ...given] of calls) (/** @type {any} */ (face)[type] || notifyAll)(...given, { type });
  },
};
