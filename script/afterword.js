// @ts-check
// afterword.js: the one tag a shop pastes. afterword.mjs is the same for pages that import it.
//
// Paints the survey's first step at once. The painted form works from the first moment: it takes a score and
// saves it. Once the page has loaded, or the survey is touched, the widget comes and takes the form over, unseen.
// Until then, and where WebAssembly cannot run, later/form.js does the rest: comment, Send, thanks.
//
// Every page view pays for this file and the rooms it imports: they are written to be small. What only some pages
// need is in later/, and fetched there. The way of a survey is `start` in survey.js.
import { face } from './face.js';
import { emit, notify, notifyAll, surveys } from './events.js';
import { begin } from './files.js';
import { base, tag } from './home.js';
import { NAME, place } from './place.js';
import { start } from './survey.js';

/** @import { Host } from './place.js' */
/** @import { Survey } from './survey.js' */

// Whoever looks after the page wants to know what is wrong with it, also if nothing can be shown.
if (/afterword-check/.test(/** @type {any} */ (location))) begin('check');

try {
  const earlier = window.afterword;
  // Once a page, however often the script is run there. (An element with the id `afterword` has the name, too.)
  if (!earlier?.release) {
    if (!base) throw 0;
    window.afterword = face;
    // The page goes, comes back, or is connected again: what is unsent is sent now.
    for (const type of ['pagehide', 'pageshow', 'online', 'visibilitychange']) addEventListener(type, notifyAll);
    customElements.define(NAME, class extends HTMLElement {
      /** @type {Promise<Survey | void> | undefined} */
      started;
      connectedCallback() {
        surveys.add(this);
        // Once: an element that is moved in the page stays as it is. One that cannot be shown leaves no empty box.
        this.started ||= start(this).catch(() => {
          this.hidden = true;
          this.style.display = 'none';
          emit(this, 'failed');
        });
      }
      disconnectedCallback() {
        notify(this);
        surveys.delete(this);
        if (/** @type {Host} */ (this).isPlaced) begin('back', this);
      }
    });
  }
  if (tag?.localName) place(/** @type {HTMLScriptElement} */ (tag));
  // What the page has called before.
  const calls = /** @type {any} */ (earlier);
  if (calls?.map) face.push(...calls);
} catch (error) {
  // The element's name is taken, or the page does not let anything be defined; or nothing says where the files are.
  const reason = base ? `${error}` : 'data-base must name my folder';
  console.warn('afterword:', reason);
  emit(document, 'failed', { reason });
}
