import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { jsonBytes, keptJson } from './kept-json.ts';

describe('JSON with parts that are kept', () => {
  it('has the text that JSON.stringify writes', () => {
    const part = keptJson(({ id }: { id: string }) => ({ id, nested: ['"', { deep: null }] }));
    const things = [{ id: 'a' }, { id: 'b\u2028é"\\' }];
    const cases: readonly object[] = [
      {},
      { text: 'x', number: 1.5, no: null, yes: true, left: undefined, list: [], 'a "name"': 'v' },
      { parts: things.map(part), others: [{ id: 'c' }], texts: ['a', undefined, 3] },
      { parts: [...things.map(part), ...things.map(part)] },
      { mixed: [part(things[0] as { id: string }), { id: 'plain' }, null] },
      { inside: { parts: things.map(part) } },
    ];
    for (const value of cases) assert.equal(String(jsonBytes(value)), JSON.stringify(value));
  });

  it('makes each part once', () => {
    let made = 0;
    const part = keptJson((thing: { id: string }) => {
      made += 1;
      return { ...thing };
    });
    const thing = { id: 'a' };
    assert.equal(part(thing), part(thing));
    part({ id: 'a' });
    assert.equal(made, 2);
  });
});
