// The addresses are replaced by ones with a fingerprint (src/web/assets.ts).
import { initAll } from '/assets/govuk.js';

initAll();

if (document.querySelector('[data-module^="moj-"]') !== null) {
  const moj = await import('/assets/moj.js');
  moj.initAll();
}

for (const input of document.querySelectorAll('[data-app-tool-search]')) await offerNames(input);

// Offers names from the catalogue while somebody types. Without it the box is an ordinary one, and works as well.
async function offerNames(input) {
  await loadAutocomplete();
  // Somebody may be typing already: neither the words nor the focus may get lost.
  const hadFocus = document.activeElement === input;
  const place = document.createElement('div');
  input.replaceWith(place);
  globalThis.accessibleAutocomplete({
    element: place,
    id: input.id,
    name: input.name,
    defaultValue: input.value,
    inputClasses: input.classList.contains('govuk-input--error') ? 'govuk-input--error' : undefined,
    autoselect: false,
    confirmOnBlur: false,
    minLength: 2,
    showNoOptionsFound: false,
    displayMenu: 'overlay',
    menuAttributes: { 'aria-labelledby': `${input.id}-label` },
    source: sourceOfNames(),
    templates: { inputValue: (tool) => tool?.name ?? '', suggestion: (tool) => escaped(tool?.name ?? '') },
  });
  const box = document.getElementById(input.id);
  if (hadFocus) {
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }
  const described = input.getAttribute('aria-describedby');
  if (described !== null)
    box.setAttribute('aria-describedby', `${described} ${box.getAttribute('aria-describedby') ?? ''}`.trim());
  for (const name of ['maxlength', 'spellcheck', 'autocapitalize'])
    if (input.hasAttribute(name)) box.setAttribute(name, input.getAttribute(name));
  document.querySelector(`label[for="${input.id}"]`)?.setAttribute('id', `${input.id}-label`);
}

function sourceOfNames() {
  let asked = 0;
  let timer;
  return (text, show) => {
    const mine = ++asked;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const response = await fetch(`/api/v1/tools?limit=6&q=${encodeURIComponent(text.slice(0, 100))}`).catch(
        () => null,
      );
      if (response === null || !response.ok || mine !== asked) return;
      const { tools, suggestions } = await response.json();
      show([...tools, ...suggestions].slice(0, 6));
    }, 120);
  };
}

async function loadAutocomplete() {
  if (globalThis.accessibleAutocomplete !== undefined) return;
  const styles = document.createElement('link');
  styles.rel = 'stylesheet';
  styles.href = '/assets/autocomplete.css';
  document.head.append(styles);
  const script = document.createElement('script');
  script.src = '/assets/autocomplete.js';
  const loaded = new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
  });
  document.head.append(script);
  await loaded;
}

function escaped(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element.innerHTML;
}
