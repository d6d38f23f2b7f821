import { hasBit } from '#domain/decision/bit-set.ts';
import type { EncodedDecision } from '#domain/decision/decide.ts';
import type { CompiledWhen, Table } from '#domain/decision/table.ts';
import { verdicts } from '#domain/shared/verdict.ts';

type Decide = (situation: ArrayLike<number>) => EncodedDecision;

/**
 * The rules of a table as a programmer would write them: one `if` for each rule, strictest first, its tests in the order of
 * the pack, and the numbers of what it adds. It says what `decide` says, with the additions in the order they are met.
 */
export function rulesAsPlainIfElse(table: Table): Decide {
  return makeFunction(codeOf(table, (fact) => `s[${fact}]`, plainTest));
}

/** The same, tuned as far as it goes: each fact is read once, and a test for several values is one test of bits. */
export function rulesAsIfElse(table: Table): Decide {
  const reads = table.tested.map((fact) => `const f${fact} = s[${fact}];`).join('\n  ');
  return makeFunction(codeOf(table, (fact) => `f${fact}`, bitTest, reads));
}

type Test = (code: string, bits: number) => string;

const plainTest: Test = (code, bits) => {
  const values = Array.from({ length: 31 }, (_, value) => value).filter(
    (value) => (bits & (1 << value)) !== 0,
  );
  return `(${values.map((value) => `${code} === ${value}`).join(' || ')})`;
};

const bitTest: Test = (code, bits) =>
  (bits & (bits - 1)) === 0 ? `${code} === ${31 - Math.clz32(bits)}` : `((${bits} >> ${code}) & 1) === 1`;

function makeFunction(code: string): Decide {
  // The rules become code: that is the point.
  return new Function('verdicts', `'use strict';\n${code}`)(verdicts) as Decide;
}

function codeOf(table: Table, read: (fact: number) => string, test: Test, reads = ''): string {
  const testAsCode = ({ fact, bits }: CompiledWhen[number]): string => test(read(fact), bits);
  return `const stamps = new Int32Array(${table.additions.length});
let stamp = 0;
return function decide(s) {
  stamp = (stamp + 1) | 0;
  const rules = [];
  const additions = [];
  let strictest = -1;
  let isPermitted = false;
  let hasConditions = false;
  ${reads}
${table.tests.map((tests, rule) => ruleAsIf(table, rule, tests.map(testAsCode))).join('\n')}
  let verdict;
  if (strictest > 2) verdict = verdicts[strictest];
  else if (strictest === 2 || !isPermitted) verdict = 'get-guidance';
  else if (strictest === 1 || hasConditions) verdict = 'allowed-with-conditions';
  else verdict = 'allowed';
  return { verdict, rules, additions };
};`;
}

function ruleAsIf(table: Table, rule: number, tests: readonly string[]): string {
  const severity = table.severities[rule] ?? -1;
  const lines = [`rules.push(${rule});`];
  if (severity >= 0) lines.push(`if (${severity} > strictest) strictest = ${severity};`);
  if (severity >= 0 && severity < 2) lines.push('isPermitted = true;');
  if (hasBit(table.conditional, rule)) lines.push('hasConditions = true;');
  for (const addition of table.adds[rule] ?? []) {
    lines.push(
      `if (stamps[${addition}] !== stamp) { stamps[${addition}] = stamp; additions.push(${addition}); }`,
    );
  }
  return `  if (${tests.length === 0 ? 'true' : tests.join(' && ')}) {\n    ${lines.join('\n    ')}\n  }`;
}
