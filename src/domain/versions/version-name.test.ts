import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changeSince, versionTag } from './version-name.ts';

it('an address says under which version it was made, also where two have the same label', () => {
  const now = { label: '2026-11', hash: 'abcdef012345' };
  for (const [tag, expected] of [
    ['2026-11', null],
    ['2026-11.abcdef', null],
    ['2026-11.123456', { before: '2026-11 (123456)', now: '2026-11 (abcdef)' }],
    ['2026-10.123456', { before: '2026-10', now: '2026-11' }],
    ['2026-10', { before: '2026-10', now: '2026-11' }],
    ['', null],
  ] as const)
    assert.deepEqual(changeSince(tag, now), expected, tag);
  assert.equal(versionTag(now), '2026-11.abcdef');
  assert.equal(changeSince(versionTag({ ...now, label: 'v1.2' }), { ...now, label: 'v1.2' }), null);
});
