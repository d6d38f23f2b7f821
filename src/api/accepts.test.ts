import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { accepts } from './accepts.ts';

describe('an Accept header', () => {
  const cases: readonly (readonly [header: string | undefined, takesJson: boolean])[] = [
    [undefined, true],
    ['', true],
    ['*/*', true],
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['text/html, application/*;q=0.1', true],
    ['text/html', false],
    ['application/json;q=0, */*', false],
    ['application/*;q=0, */*', false],
    ['application/json, */*;q=0', true],
    ['application/problem+json', false],
    [', ;q=, application/json;q=x', false],
  ];
  for (const [header, takesJson] of cases) {
    it(`\`${header}\` ${takesJson ? 'takes' : 'refuses'} JSON`, () =>
      assert.equal(accepts(header, 'application/json'), takesJson));
  }
});
