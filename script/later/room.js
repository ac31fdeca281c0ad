// @ts-check
// Places a card at the window's lower edge: above the elements that it must not cover, and above a phone's keyboard. For a
// banner at the upper edge everything is turned upside down.
// A part of the modes that stand at an edge of the window.

import { MODE } from 'built';

/** @import { Survey } from '../survey.js' */

// Selectors for the bars of well-known consent tools. The card stands beside them or waits until they are gone; the shop
// names only other elements, in data-avoid.
const CONSENT = [
  '#onetrust-banner-sdk', '#onetrust-pc-sdk', // OneTrust, CookiePro
  '#CybotCookiebotDialog', // Cookiebot
  '#usercentrics-root', '#usercentrics-cmp-ui', // Usercentrics
  '#didomi-notice', '#didomi-popup', // Didomi
  '#qc-cmp2-ui', // Quantcast, InMobi
  '#truste-consent-track', '.truste_box_overlay', // TrustArc
  '.cky-consent-container', '.cky-modal', '#cookie-law-info-bar', // CookieYes
  '.cmplz-cookiebanner', // Complianz
  '#BorlabsCookieBox', '#BorlabsCookieBoxWrap', // Borlabs
  '#moove_gdpr_cookie_info_bar', '#cookie-notice', '#tarteaucitronAlertBig', '.cc-window', '.osano-cm-window',
  '#cc-main', '.klaro .cookie-notice', '.klaro .cookie-modal',
  '#shopify-pc__banner', '#pandectes-banner', '.cookie-permission-container', // Shopify, Shopware
  '#iubenda-cs-banner', '#cmpbox', '#cmpwrapper', '[id^="sp_message_container"]', '.fc-consent-root',
  '#axeptio_overlay', '.ccm-root', '.cookiefirst-root', '#termly-code-snippet-support', '#coiOverlay',
  '#cookiescript_injected', '#ketch-consent-banner', '#transcend-consent-manager', '#ccc',
].join();

/** The largest gap, in px, between the card and what is above it or must not be covered. */
const EDGE = 20;
/** The smallest height in which a customer can answer, in px. */
const LEAST = 140;
/** The smallest height of a phone's keyboard, in px. */
const KEYBOARD = 120;
/** The time from a change of the page until the card adapts to it, in ms. */
const PATIENCE = 150;

/**
 * The visible boxes of an element: its own, or if that is empty, for example because all its children have a fixed
 * position, those of its children.
 *
 * @param {Element} element
 * @returns {DOMRect[]}
 */
const boxes = (element) => {
  const options = { checkOpacity: true, checkVisibilityCSS: true };
  if (element.checkVisibility?.(options) == false) return [];
  const box = element.getBoundingClientRect();
  return box.width && box.height ? [box] : [...(element.shadowRoot || element).children].flatMap(boxes);
};

/** The element that has the page's focus, if the browser shows it. A frame does not tell what it has in it, so it counts as a whole. */
const focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.matches(':focus-visible, iframe') ? element : null;
};

/**
 * Starts placing a card so that it covers none of the elements to avoid.
 *
 * Until the customer touches it, the card takes at most half of the window; if that is too little, it is a bar that
 * opens. It leaves room for the elements in data-avoid and for the bars of consent tools. If there is no room left, or
 * while it would cover the element with the focus, it is below the window's edge, where Tab still reaches it.
 *
 * Returns the function that opens the bar, or a tab, and closes the tab.
 *
 * @param {Survey} survey
 * @param {HTMLElement} frame its last element is the form's
 * @param {() => void} wear is called when the page's colours may have changed
 */
export const keepRoom = ({ host, root, set }, frame, wear) => {
  let selector = CONSENT;
  try {
    if (set.avoid) document.querySelector(set.avoid);
    if (set.avoid) selector += ',' + set.avoid;
  } catch {
    import('./say.js').then((say) => say.ignore('avoid', set.avoid)).catch(() => {});
  }
  /** @param {string} name @param {string} value */
  const put = (name, value) => host.style.setProperty('--afterword-' + name, value);
  if (set.offset) put('offset', `min(${set.offset}px, 40vh)`);
  const isAtTop = MODE == 'banner' && set.position == 'top';
  /** @param {DOMRect} box */
  const turn = ({ x, bottom, width, height }) => new DOMRect(x, innerHeight - bottom, width, height);
  let isTouched = false;
  let raise = 0;

  const arrange = () => {
    if (!frame.isConnected || host.hasAttribute('hidden')) return;
    const { scale, height, offsetTop } = window.visualViewport || { scale: 1, height: innerHeight, offsetTop: 0 };
    // A pinch zoom also makes the visual viewport smaller, but makes its scale larger.
    const keyboard = Math.max(0, innerHeight - height * scale - offsetTop);
    const gap = parseFloat(getComputedStyle(host)[isAtTop ? 'top' : 'bottom']) - raise || 0;
    const isInside = root.activeElement;
    const seen = innerHeight - keyboard;
    const content = /** @type {HTMLElement} */ (frame.lastElementChild);
    const whole = content.scrollHeight + 2;
    const left = host.offsetLeft;
    const right = left + host.offsetWidth;
    const blocks = [...document.querySelectorAll(selector)]
      .filter((element) => !element.contains(host))
      .flatMap(isAtTop ? (element) => boxes(element).map(turn) : boxes)
      .filter((box) => box.right > left && box.left < right)
      .sort((a, b) => b.bottom - a.bottom);
    let bottom = 0; // the lower edge of the card
    let top = 0; // the upper edge of the room for it
    /** @param {number} tall */
    const fits = (tall) => {
      bottom = (isAtTop ? innerHeight : seen) - gap;
      top = Math.min(gap, EDGE) + (isAtTop ? keyboard : 0);
      for (const box of blocks) {
        if (box.bottom > bottom - tall && box.top < bottom) bottom = Math.min(bottom, box.top - Math.max(Math.min(gap, EDGE), 8));
        else if (box.bottom <= bottom - tall) top = Math.max(top, box.bottom);
      }
      return bottom - tall >= top;
    };
    const isWhole = isTouched
      ? fits(Math.min(whole, seen - 2 * gap)) || fits(LEAST)
      : MODE != 'tab' && whole <= seen / 2 && fits(whole);
    frame.classList.toggle('folded', !isTouched && !isWhole);
    const bar = frame.offsetHeight;
    const hasRoom = isWhole || (!isTouched && fits(bar));
    raise = Math.max(0, innerHeight - gap - bottom);
    frame.classList.toggle('raised', raise + gap > 0);
    const tall = isWhole ? Math.min(whole, bottom - top) : bar;
    const box = isInside ? null : focused()?.getBoundingClientRect();
    const focus = isAtTop && box ? turn(box) : box;
    // Of an element that is higher than half of the window, such as the page's content, a part may be covered, but not all that
    // is in view.
    const isInTheWay = focus && (focus.height < innerHeight / 2 || focus.top > bottom - tall)
      && focus.bottom > bottom - tall && focus.top < bottom && focus.right > left && focus.left < right;
    const isAway = !isInside && (!hasRoom || isInTheWay || keyboard > KEYBOARD);
    put('raise', raise + 'px');
    put('most', Math.max(LEAST, bottom - top - 2) + 'px');
    put('away', isAway ? `calc(100% + ${raise + gap + 40}px)` : '0px');
    // Scrolls so that box and button are above the keyboard.
    const field = isInside?.localName == 'textarea' && keyboard && isInside.getBoundingClientRect();
    const send = field && root.querySelector('.send')?.getBoundingClientRect();
    if (send) {
      const { top, bottom } = content.getBoundingClientRect();
      content.scrollTop += Math.min(Math.max(send.bottom + 12 - bottom, 0), field.top - 12 - top);
    }
  };

  let frameDue = 0;
  const soon = () => {
    frameDue ||= requestAnimationFrame(() => {
      frameDue = 0;
      arrange();
    });
  };
  /** @type {AbortController | undefined} */
  let watching;
  const watch = () => {
    if (watching) return;
    const { signal } = watching = new AbortController();
    /** @param {EventTarget | null | undefined} target @param {string[]} types @param {(event: Event) => void} listener */
    const on = (target, types, listener) => types.forEach((type) => target?.addEventListener(type, listener, { signal, capture: true, passive: true }));
    // A frame that gets the focus takes it from the window.
    on(window, ['scroll', 'resize', 'blur', 'focus'], soon);
    on(window.visualViewport, ['scroll', 'resize'], soon);
    on(matchMedia('(prefers-color-scheme:dark)'), ['change'], wear);
    let timer = 0;
    let isPage = false; // whether html, head or body has changed
    /** @param {Iterable<EventTarget | null>} targets */
    const changed = (targets) => {
      for (const target of targets) {
        if (target == host) continue;
        isPage ||= target == document.body || target == document.documentElement || target == document.head;
        timer ||= setTimeout(() => {
          timer = 0;
          if (!frame.isConnected) {
            observer.disconnect();
            watching?.abort();
            watching = undefined;
          } else {
            if (isPage) wear();
            isPage = false;
            soon();
          }
        }, PATIENCE);
      }
    };
    on(document, ['transitionend', 'animationend', 'load'], (event) => changed([event.target]));
    const observer = new MutationObserver((records) => changed(records.map((record) => record.target)));
    observer.observe(document, { childList: true, subtree: true, attributes: true });
  };

  /** @param {Event} event */
  const touch = ({ type }) => {
    // The bar's button opens it. A score that assistive technology chooses without the button opens it, too.
    if (type != 'change' && frame.classList.contains('folded')) return;
    isTouched = true;
    soon();
  };
  for (const type of ['pointerdown', 'focusin', 'keydown', 'change']) frame.addEventListener(type, touch);
  new ResizeObserver(() => {
    watch();
    soon();
  }).observe(frame);
  arrange();

  return (open = true) => {
    isTouched = open;
    arrange();
  };
};
