import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { html } from './escaped-html.ts';

describe('html', () => {
  it('escapes text in content and in attributes', () => {
    const text = `<script>"it's" & that</script>`;
    assert.equal(
      html`<p title="${text}">${text}</p>`.html,
      '<p title="&lt;script&gt;&quot;it&#39;s&quot; &amp; that&lt;/script&gt;">' +
        '&lt;script&gt;&quot;it&#39;s&quot; &amp; that&lt;/script&gt;</p>',
    );
  });

  it('puts other templates and lists of them in as they are, and nothing for nothing', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    assert.equal(
      html`<ul>${items}${null}${undefined}</ul>${0}`.html,
      '<ul><li>a</li><li>&lt;b&gt;</li></ul>0',
    );
  });
});
