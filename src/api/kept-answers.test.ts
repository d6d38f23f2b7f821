import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonParts } from '#usecases/kept-json.ts';
import type { Needs } from '#usecases/needs.ts';
import type { Asked } from '#usecases/usage/count-asked.ts';
import { createKeptAnswers } from './kept-answers.ts';

const asked: Asked = { tool: 'a', organisation: '', verdict: 'allowed', rule: 'r', unknownName: null };

describe('answers that are kept', () => {
  const setUp = () => {
    const counted: (Asked | null)[] = [];
    const state = { policy: { hash: 'a' }, today: '2026-11-22' };
    const needs = {
      policy: () => state.policy,
      today: () => state.today,
      count: (one: Asked | null) => counted.push(one),
    } as unknown as Needs;
    const answers = createKeptAnswers();
    const keep = (text: string) => answers.keep(needs, text, { parts: jsonParts({ text }), asked });
    const find = (text: string) => answers.find(needs, text)?.toString();
    return { state, counted, keep, find };
  };

  it('are given again for the very same body, and counted each time', () => {
    const { counted, keep, find } = setUp();
    assert.equal(find('{"facts":{}}'), undefined);
    keep('{"facts":{}}');
    assert.equal(find('{"facts":{}}'), JSON.stringify({ text: '{"facts":{}}' }));
    assert.equal(find('{"facts":{}}'), JSON.stringify({ text: '{"facts":{}}' }));
    assert.equal(find('{"facts": {}}'), undefined);
    assert.deepEqual(counted, [asked, asked]);
  });

  it('are worked out again on another day and under another policy', () => {
    const { state, keep, find } = setUp();
    find('x');
    keep('x');
    state.today = '2026-11-23';
    assert.equal(find('x'), undefined);
    keep('x');
    assert.notEqual(find('x'), undefined);
    state.policy = { hash: 'a' };
    assert.equal(find('x'), undefined);
  });

  it('stand under the policy that was in force when they were asked for', () => {
    const { state, keep, find } = setUp();
    find('x');
    state.policy = { hash: 'b' };
    keep('x');
    assert.equal(find('x'), undefined);
  });

  it('are not kept for long bodies, nor all for ever', () => {
    const { keep, find } = setUp();
    find('x');
    keep('x'.repeat(1_001));
    assert.equal(find('x'.repeat(1_001)), undefined);
    for (let number = 0; number < 20_000; number++) keep(String(number));
    assert.equal(find('0'), undefined);
    assert.notEqual(find('19999'), undefined);
  });
});
