import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Compile } from 'typebox/compile';
import { fileKinds } from '#domain/policy/pack-files.ts';
import { schemaComment, schemaFolder, schemasOf } from '#domain/policy/pack-schemas.ts';
import { policyFolder, shippedGuidance, testDay } from '#test/support/guidance.ts';
import { checkGuidance } from '#usecases/check-guidance.ts';
import { listStatements } from '#usecases/list-statements.ts';
import { writePolicyBook } from '#usecases/policy-book.ts';
import { runGuidanceExamples } from '#usecases/run-examples.ts';

const guidance = await shippedGuidance();
const { pack } = guidance.parsed;
const { ready } = guidance;
assert.ok(pack !== null && ready !== null, 'the pack that ships cannot be read');

describe('the guidance pack', () => {
  it('has no error', () => {
    const { problems } = checkGuidance(guidance, testDay);
    assert.deepEqual(
      problems.filter(({ level }) => level === 'error'),
      [],
    );
  });

  it('has an example that passes for every rule', () => {
    const ran = runGuidanceExamples(guidance, testDay);
    assert.ok(ran.ok);
    assert.deepEqual(
      ran.runs.filter(({ failures }) => failures.length > 0),
      [],
    );
    assert.deepEqual(new Set(ran.runs.map(({ rule }) => rule)), new Set(pack.rules.map(({ id }) => id)));
  });

  it('carries out all 146 and 139 statements of the two documents', () => {
    const statements = listStatements({ policy: () => ready.policy });
    const ids = (document: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${document}-${index + 1}`);
    assert.deepEqual(
      statements.map(({ id }) => id),
      [...ids('GAG', 146), ...ids('OIT', 139)],
    );
    for (const { id, places } of statements)
      assert.ok(places.length > 0, `${id} is carried out nowhere today`);
  });
});

describe('the schemas for editors', () => {
  const schemas = schemasOf(pack);
  const howTo = 'run `npm run --silent ctu -- policy check --write`';

  for (const { name, text } of schemas) {
    it(`${name} is what the pack gives`, () => {
      const held = fs.readFileSync(path.join(policyFolder, schemaFolder, name), 'utf8');
      assert.ok(held === text, `policy/${schemaFolder}/${name} is not up to date: ${howTo}`);
    });
  }

  for (const { name, data } of guidance.files) {
    it(`${name} names its schema in its first line and fits it`, () => {
      const [first] = fs.readFileSync(path.join(policyFolder, name), 'utf8').split('\n');
      assert.equal(first, schemaComment(name), howTo);
      const kind = fileKinds.find(({ pattern }) => pattern.test(name))?.kind;
      const schema = schemas.find((one) => one.name === `${kind}.schema.json`);
      assert.deepEqual(Compile(JSON.parse(schema?.text ?? 'false')).Errors(data), []);
    });
  }
});

describe('the policy book', () => {
  const checked = checkGuidance(guidance, testDay);
  const book = writePolicyBook({ pack, hash: guidance.hash, checked, on: testDay });

  it('is the same for the same pack and day', () => {
    assert.ok(book === writePolicyBook({ pack, hash: guidance.hash, checked, on: testDay }));
  });

  it('stands alone: it loads nothing, and each of its links leads somewhere in it', () => {
    assert.doesNotMatch(book, /<(script|link|img|iframe)|\bsrc=|url\(|@import/);
    const ids = [...book.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, 'an id stands in it twice');
    for (const [, target] of book.matchAll(/href="([^"]*)"/g)) {
      assert.ok(target?.startsWith('#') && ids.includes(target.slice(1)), `nothing is at ${target}`);
    }
  });

  it('holds every rule, tool, contact and statement, the version and the day', () => {
    const all = [
      ...pack.rules.map(({ id }) => `rule-${id}`),
      ...[...pack.conditions.keys()].map((id) => `condition-${id}`),
      ...[...pack.facts.keys()].map((id) => `fact-${id}`),
      ...[...pack.tools.keys()].map((id) => `tool-${id}`),
      ...[...pack.organisations.keys()].map((id) => `organisation-${id}`),
      ...[...pack.contacts.keys()].map((id) => `contact-${id}`),
      ...[...pack.guidancePages.keys()].map((id) => `page-${id}`),
      ...pack.clauses.keys(),
    ];
    for (const id of all) assert.ok(book.includes(` id="${id}"`), `${id} is not in the book`);
    assert.ok(book.includes(guidance.hash));
    assert.ok(book.includes('22 November 2026'));
  });

  it('escapes what stands in the pack', () => {
    const hostile = { ...pack, department: '<script>alert(1)</script>' };
    assert.doesNotMatch(
      writePolicyBook({ pack: hostile, hash: guidance.hash, checked, on: testDay }),
      /<script/,
    );
  });
});
