// @ts-check
import { RELEASE } from 'built';
import { consent } from './consent.js';
import { SHOW, close, emit, notify, notifyAll, surveys } from './events.js';

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
  context(facts) {
    surveys.forEach((host) => {
      for (const name in facts) host.setAttribute('data-' + name, /** @type {any} */ (facts[name]));
      emit(host, 'context');
    });
  },
  on(name, listener) {
    // A controller has what an option needs: its signal.
    const end = new AbortController();
    document.addEventListener('afterword:' + name, /** @type {any} */ (listener), end);
    return () => end.abort();
  },
  push(...calls) {
    // A name that is no function of ours is an event's name. Only notifyAll uses the last argument.
    for (const [type, ...given] of calls) (/** @type {any} */ (face)[type] || notifyAll)(...given, { type });
  },
};
