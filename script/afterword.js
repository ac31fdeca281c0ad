// @ts-check
// afterword.js: the one tag a shop pastes.
//
// Paints the survey's first step at once. The painted form works from the first moment: it takes a score and
// saves it. Once the page has loaded, or the survey is touched, the widget comes and takes the form over, unseen.
// Until then, and where WebAssembly cannot run, later/form.js does the rest: comment, Send, thanks.
//
// Every page view pays for this file and the rooms it imports: they are written to be small. What only some pages
// need is in later/, and fetched there. The way of a survey is `start` in survey.js.
import { RELEASE } from 'built';
import { consent } from './consent.js';
import { SHOW, close, emit, notify, notifyAll, surveys } from './events.js';
import { tag } from './files.js';
import { start } from './survey.js';

const NAME = 'afterword-survey';

try {
  // Once a page, however often the tag is run there. (An element with the id `afterword` has the name, too.)
  if (!window.afterword?.release) {
    /** The public face: see afterword.d.ts. */
    window.afterword = {
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
        document.addEventListener(`afterword:${name}`, listener);
        return () => document.removeEventListener(`afterword:${name}`, listener);
      },
    };
    // The page goes, comes back, or is connected again: what is unsent is sent now.
    for (const type of ['pagehide', 'pageshow', 'online', 'visibilitychange']) addEventListener(type, notifyAll);
    customElements.define(NAME, class extends HTMLElement {
      /** @type {Promise<void> | undefined} */
      #started;
      connectedCallback() {
        surveys.add(this);
        // Once: an element that is moved in the page stays as it is. One that cannot be shown leaves no empty box.
        this.#started ||= start(this).catch(() => {
          this.hidden = true;
          this.style.display = 'none';
          emit(this, 'failed');
        });
      }
      disconnectedCallback() {
        notify(this);
        surveys.delete(this);
      }
    });
  }

  // A tag in the body is the survey's place, unless the page has placed a survey itself.
  if (!document.querySelector(NAME) && tag.parentNode != document.head) {
    const host = document.createElement(NAME);
    // Copies: `setAttribute` refuses some names that a page can have.
    for (const own of tag.attributes) if (own.name.startsWith('data-')) host.setAttributeNode(/** @type {Attr} */ (own.cloneNode()));
    tag.after(host);
  }
} catch {
  // The element's name is taken, or the page does not let anything be defined.
  emit(document, 'failed');
}
