// Adds the survey's script to a page, once.
//
// The script finds its other files and its endpoint beside itself. So it needs a tag with its address, and cannot be a
// part of a bundle. It paints the survey into the page's <afterword-survey>.

/** A promise for each address, which resolves when the script has loaded. */
const loads = new Map();

/**
 * Appends the script's tag to the head, unless the page has it.
 *
 * Without a document, as on a server that renders the page, it does nothing: call it again in the browser.
 */
export const load = ({ src, nonce } = {}) => {
  if (!src) {
    return Promise.reject(new TypeError('afterword-survey: load({ src }) needs the address of afterword.js, such as "/afterword/afterword.js" or "https://feedback.shop.example/afterword.js"'));
  }
  if (typeof document == 'undefined') return Promise.resolve();
  const address = new URL(src, document.baseURI).href;
  // The page already has a tag with this address, which loads the script.
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
