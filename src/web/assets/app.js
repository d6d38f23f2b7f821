// The addresses are replaced by ones with a fingerprint (src/web/assets.ts).
import { initAll } from '/assets/govuk.js';

initAll();

if (document.querySelector('[data-module^="moj-"]') !== null) {
  const moj = await import('/assets/moj.js');
  moj.initAll();
}
