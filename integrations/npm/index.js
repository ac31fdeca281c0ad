// Brings the survey's script into a page, once.
//
// The script finds its other files, and its endpoint, beside itself: it has to be a tag of its own with its own address,
// and cannot be a part of a bundle. What it paints stands where the page has an <afterword-survey>.

/** Whether the script of an address has come: one promise an address. */
const loads = new Map();

/**
 * Appends the script's tag to the head, unless the page has it.
 *
 * Where there is no document, as on a server that renders the page, nothing is done: call it in the browser again.
 */
export const load = ({ src, nonce } = {}) => {
  if (!src) {
    return Promise.reject(new TypeError('afterword-survey: load({ src }) needs the address of afterword.js, such as "/afterword/afterword.js" or "https://feedback.shop.example/afterword.js"'));
  }
  if (typeof document == 'undefined') return Promise.resolve();
  const address = new URL(src, document.baseURI).href;
  // A tag that stood in the page before us has come, or comes, by itself.
  if (!loads.has(address) && [...document.scripts].some((script) => script.src == address)) {
    loads.set(address, Promise.resolve());
  }
  let coming = loads.get(address);
  if (!coming) {
    coming = new Promise((resolve, reject) => {
      const tag = document.createElement('script');
      tag.async = true;
      tag.src = address;
      if (nonce) tag.nonce = nonce;
      tag.onload = () => resolve();
      tag.onerror = () => {
        // The next call tries again.
        tag.remove();
        loads.delete(address);
        reject(new Error(`afterword-survey: ${address} could not be loaded`));
      };
      document.head.append(tag);
    });
    loads.set(address, coming);
  }
  return coming;
};
