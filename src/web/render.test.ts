import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { createRenderer, type Render } from './render.ts';

describe('the frame of a page', () => {
  let render: Render;
  before(() => {
    render = createRenderer({
      hasGovUkBrand: false,
      isTrial: false,
      assetUrls: { 'styles.css': '/assets/styles.0.css' },
    });
  });
  const title = (html: string) => html.match(/<title\s*>([^<]*)<\/title>/)?.[1];

  it('names the page and the service in the title of the window', () => {
    const html = render('pages/problem.njk', { title: 'Page not found' });
    assert.equal(title(html), 'Page not found – Check if you can use a tool for work');
    assert.ok(html.includes('href="/assets/styles.0.css"'));
  });

  it('marks the title and shows a summary when something is wrong with a form', () => {
    const errors = [{ text: 'Choose one <purpose>', href: '#purpose' }];
    const html = render('pages/problem.njk', { title: 'What for?', errors });
    assert.equal(title(html), 'Error: What for? – Check if you can use a tool for work');
    assert.ok(html.includes('<a href="#purpose">Choose one &lt;purpose&gt;</a>'));
  });

  it('escapes everything that it prints', () => {
    const evil = '"><script>alert(1)</script>';
    const html = render('pages/problem.njk', {
      title: evil,
      searchText: evil,
      policyLabel: evil,
      back: { text: evil, href: evil },
      errors: [{ text: evil, href: evil }],
    });
    assert.ok(!html.includes('<script>alert'));
  });

  it('shows which part of the service a page belongs to', () => {
    const html = render('pages/problem.njk', { title: 'All tools', section: '/tools' });
    assert.match(html, /href="\/tools" aria-current="true"/);
  });

  it('shows no crest, no crown and no licence mark', () => {
    assert.doesNotMatch(render('pages/problem.njk', { title: 'Page' }), /crest|crown|logotype|licence/i);
  });

  it('shows the header of GOV.UK to those who may use the brand', () => {
    const branded = createRenderer({ hasGovUkBrand: true, isTrial: false, assetUrls: {} });
    assert.match(branded('pages/problem.njk', { title: 'Page' }), /govuk-header__logotype/);
  });
});
