// Makes pages a little better; each of them works without it.
'use strict';

// A menu closes on Escape, and when something else is pressed.
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

// A button that copies what the element it names holds; it is hidden until this runs.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  // Only what is seen; a name for those who hear it may follow.
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

// A form of choices that takes effect as they are made; without this, its button does it.
for (const form of document.querySelectorAll('form[data-on-change]')) {
  form.querySelector('button').hidden = true;
  form.addEventListener('change', () => form.requestSubmit());
}
