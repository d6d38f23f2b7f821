import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldName } from './fold-name.ts';

test('names are compared without case, accents and punctuation', () => {
  assert.equal(foldName('  Café—Board®, v2 '), 'cafe board v2');
  assert.equal(foldName('Viva-Engage'), foldName('viva engage'));
});
