import assert from 'node:assert/strict';
import { test } from 'node:test';
import { severityOf, type Verdict } from '../shared/verdict.ts';
import { combineVerdicts } from './combine-verdicts.ts';

const none = -1;

// Strictest rule that applies, whether a rule permits, whether a condition is attached → the verdict.
const cases: readonly (readonly [
  strictest: Verdict | 'none',
  isPermitted: boolean,
  hasConditions: boolean,
  verdict: Verdict,
])[] = [
  ['none', false, false, 'get-guidance'],
  ['none', false, true, 'get-guidance'],
  ['allowed', true, false, 'allowed'],
  ['allowed', true, true, 'allowed-with-conditions'],
  ['allowed-with-conditions', true, false, 'allowed-with-conditions'],
  ['allowed-with-conditions', true, true, 'allowed-with-conditions'],
  ['get-guidance', false, false, 'get-guidance'],
  ['get-guidance', true, true, 'get-guidance'],
  ['request-review', true, false, 'request-review'],
  ['request-review', false, false, 'request-review'],
  ['not-allowed', true, true, 'not-allowed'],
  ['not-allowed', false, false, 'not-allowed'],
];

for (const [strictest, isPermitted, hasConditions, verdict] of cases) {
  test(`${strictest}, ${isPermitted ? 'permitted' : 'not permitted'}, ${hasConditions ? 'with' : 'without'} conditions is ${verdict}`, () => {
    const severity = strictest === 'none' ? none : severityOf(strictest);
    assert.equal(combineVerdicts({ strictest: severity, isPermitted, hasConditions }), verdict);
  });
}
