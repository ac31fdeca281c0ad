// Adds conveniences to pages. Every page works without this script.
'use strict';

// A menu closes on Escape, and on a click outside it.
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.account[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.account[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A button that copies the text of the element that it names. It is hidden until this script runs.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  // Changes only the visible text; a name for screen readers may follow it.
  const text = button.firstChild;
  const label = text.data;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      text.data = button.dataset.copied;
      setTimeout(() => (text.data = label), 2000);
    } catch {
      getSelection().selectAllChildren(source);
    }
  });
}

// A form whose choices take effect at once. Without this script, its button sends it.
for (const form of document.querySelectorAll('form[data-on-change]')) {
  form.querySelector('button').hidden = true;
  form.addEventListener('change', () => form.requestSubmit());
}

// A new case counts as seen once it was open and visible for two seconds.
for (const form of document.querySelectorAll('form[data-seen]')) {
  const AFTER = 2000;
  let timer;
  const see = async () => {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.seen, { method: 'POST', body }).catch(() => null);
    if (!answer?.ok) return;
    for (const badge of document.querySelectorAll('.answer .case .state, [aria-current] .state')) {
      badge.textContent = form.dataset.seenSaid;
      badge.dataset.state = 'seen';
      badge.classList.remove('fresh');
    }
    form.hidden = true;
  };
  const watch = () => {
    clearTimeout(timer);
    if (document.visibilityState === 'visible' && !form.hidden) timer = setTimeout(see, AFTER);
  };
  document.addEventListener('visibilitychange', watch);
  watch();
}

// A form that is of no use after some milliseconds: a reply that can no longer be taken back.
for (const form of document.querySelectorAll('form[data-gone-after]')) {
  setTimeout(() => (form.hidden = true), Number(form.dataset.goneAfter));
}

// New cases are offered by a link. They are not inserted into the list, so that nobody clicks the wrong one.
for (const link of document.querySelectorAll('a[data-news]')) {
  const EVERY = 20_000;
  let tag = '';
  const ask = async () => {
    if (document.visibilityState !== 'visible') return;
    const headers = tag ? { 'If-None-Match': tag } : {};
    const answer = await fetch(link.dataset.news, { headers }).catch(() => null);
    if (answer?.status !== 200) return;
    tag = answer.headers.get('ETag') ?? '';
    link.textContent = await answer.text();
    link.hidden = false;
  };
  setInterval(ask, EVERY);
}

// The number of entries in a list, if counting them takes longer than the page.
for (const place of document.querySelectorAll('[data-hits]')) {
  fetch(place.dataset.hits).then(async (answer) => {
    if (answer.status === 200) place.textContent = await answer.text();
  }, () => {});
}

// A box that ticks all boxes of a name.
for (const all of document.querySelectorAll('input[data-all]')) {
  all.closest('label').hidden = false;
  all.addEventListener('change', () => {
    const boxes = document.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`);
    for (const box of boxes) box.checked = all.checked;
  });
}

// Where there is room, the style shows a folded filter. In a browser that cannot do that, it is opened.
if (!CSS.supports('selector(::details-content)') && matchMedia('(min-width: 48rem)').matches) {
  for (const folded of document.querySelectorAll('details.filtering')) folded.open = true;
}

// The keys of the inbox. People who use speech input can switch them off.
for (const keys of document.querySelectorAll('details[data-keys]')) {
  const NAME = 'afterword-keys';
  const box = keys.querySelector('[data-keys-on]');
  keys.hidden = false;
  box.checked = localStorage.getItem(NAME) !== 'off';
  box.addEventListener('change', () => localStorage.setItem(NAME, box.checked ? 'on' : 'off'));
  const links = [...document.querySelectorAll('.cases .to-case')];
  const current = links.findIndex((link) => link.hasAttribute('aria-current'));
  links[current]?.scrollIntoView({ block: 'nearest' });
  const does = {
    j: () => (links[current + 1] ?? document.querySelector('.cases [rel=next]'))?.click(),
    k: () => links[current - 1]?.click(),
    '/': () => {
      const search = document.querySelector('#search');
      const folded = search?.closest('details');
      if (folded) folded.open = true;
      search?.focus();
    },
    e: () => {
      const close = document.querySelector('.answer .case button[value=closed]');
      const next = links[current + 1] ?? links[current - 1];
      // A case that somebody else has changed meanwhile stays open.
      if (close && next) close.form.elements.then.value = next.getAttribute('href');
      close?.click();
    },
    '?': () => {
      keys.open = true;
      keys.querySelector('summary').focus();
    },
  };
  addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const isTyping = target.closest?.('input:not([type=checkbox]), select, textarea');
    if (isTyping || ctrlKey || metaKey || altKey || !box.checked || !Object.hasOwn(does, key)) return;
    event.preventDefault();
    does[key]();
  });
}
