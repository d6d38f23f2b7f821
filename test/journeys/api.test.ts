import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';

import { routes } from '#api/routes.ts';
import { build } from '#platform/version.ts';
import { type ApiAnswer, assertAsDescribed, call, type Json } from '#test/support/api.ts';
import { startApp, type TestApp } from '#test/support/app.ts';

let server: TestApp;
let document: Json;
before(async () => {
  server = await startApp();
  document = (await call(server.baseUrl, 'GET', '/api/v1/openapi.json')).body;
});
after(() => server.close());

/** A GET whose answer is as the OpenAPI document says. `route` is the path with its parts in braces. */
async function get(address: string, route = address.replace(/\?.*$/, '')): Promise<ApiAnswer> {
  const answer = await call(server.baseUrl, 'GET', address);
  assertAsDescribed(document, `GET ${route}`, answer);
  return answer;
}

async function decide(body: unknown): Promise<ApiAnswer> {
  const answer = await call(server.baseUrl, 'POST', '/api/v1/decisions', { body });
  assertAsDescribed(document, 'POST /api/v1/decisions', answer);
  return answer;
}

/** Every entry of a list, page by page. */
async function all(list: string, limit: number): Promise<Json[]> {
  const entries: Json[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body }: ApiAnswer = await get(`/api/v1/${list}?limit=${limit}${from}`);
    assert.ok(body[list].length <= limit);
    entries.push(...body[list]);
    cursor = body.nextCursor;
  }
  return entries;
}

const ordinaryTrello = {
  tool: 'Trello',
  organisation: 'moj-headquarters',
  purpose: 'collaborate',
  account: 'work',
  device: 'moj',
  audience: 'internal',
  classification: 'OFFICIAL',
  sensitive: false,
  personalData: false,
  damageOrDistress: false,
  damagingIfLost: false,
};

describe('a decision', () => {
  it('says that Trello may be used with a work account, with its reasons and conditions', async () => {
    const { status, body, headers } = await decide({ facts: ordinaryTrello });
    assert.equal(status, 200);
    assert.equal(body.verdict, 'allowed-with-conditions');
    assert.equal(body.settled, true);
    assert.deepEqual(body.tool, { id: 'trello', name: 'Trello', listed: true, matchedBy: 'id' });
    assert.deepEqual(body.missing, []);
    assert.equal(body.next, null);
    assert.ok(
      body.conditions.some(({ id }: Json) => id === 'store-key-info-in-moj-system'),
      JSON.stringify(body.conditions),
    );
    assert.equal(body.policy.hash, server.needs.policy().hash);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('content-language'), 'en');
  });

  it('says that it may not with an account of your own', async () => {
    const { body } = await decide({ facts: { ...ordinaryTrello, account: 'personal' } });
    assert.equal(body.verdict, 'not-allowed');
    const cited = body.reasons.flatMap(({ citations }: Json) => citations.map(({ clause }: Json) => clause));
    assert.ok(cited.includes('GAG-16') && cited.includes('GAG-20'), cited.join(' '));
  });

  it('has exactly the fields of the contract', async () => {
    const { body } = await decide({ facts: { tool: 'trello' } });
    assert.deepEqual(
      Object.keys(body),
      [
        [
          'verdict',
          'settled',
          'complete',
          'best',
          'worst',
          'headline',
          'tool',
          'given',
          'ignored',
          'reasons',
        ],
        ['conditions', 'nextSteps', 'standing', 'assumptions', 'missing', 'next', 'faults', 'ask', 'findOut'],
        ['policy', 'on'],
      ].flat(),
    );
    assert.deepEqual(Object.keys(body.next), [
      'question',
      'facts',
      'fact',
      'text',
      'why',
      'effect',
      'options',
    ]);
    assert.equal(body.next.fact, body.next.facts[0]);
    assert.equal(body.settled, false);
    assert.equal(body.verdict, 'get-guidance');
  });

  it('holds what would make it all right and what else could be used, where that is wanted', async () => {
    const facts = { ...ordinaryTrello, account: 'personal' };
    const { body } = await decide({ facts, include: ['changes', 'alternatives'] });
    const [change] = body.changes;
    assert.equal(change.text, 'Use your own MoJ sign-in');
    assert.deepEqual(change.parts, [{ fact: 'account', value: 'work', text: 'use your own MoJ sign-in' }]);
    assert.deepEqual(
      [change.enough, change.settled, change.verdict, change.pages, change.inTheWay],
      [true, true, 'allowed-with-conditions', 0, []],
    );
    assert.deepEqual(body.alternatives, []);
    assert.deepEqual(Object.keys(body).slice(-4), ['changes', 'alternatives', 'policy', 'on']);
    const then = await decide({ facts: change.facts });
    assert.equal(then.body.verdict, change.verdict);
    const { body: without } = await decide({ facts });
    assert.ok(!('changes' in without) && !('alternatives' in without));
    const { body: one } = await decide({ facts, include: ['changes'] });
    assert.ok('changes' in one && !('alternatives' in one));
  });

  it('gives with each alternative the facts that get its answer', async () => {
    const facts = { ...ordinaryTrello, tool: 'boardly', toolKind: 'unlisted' };
    const { body } = await decide({ facts, include: ['alternatives'] });
    const [teams] = body.alternatives;
    assert.deepEqual(teams.tool, { id: 'microsoft-teams', name: 'Microsoft Teams', listed: true });
    assert.deepEqual([teams.verdict, teams.settled, teams.pages], ['allowed', false, 1]);
    const { body: then } = await decide({ facts: teams.facts });
    assert.deepEqual([then.best, then.settled, then.next.facts.length > 0], ['allowed', false, true]);
  });

  it('says what is left in the way where no change is enough, and nothing where none helps', async () => {
    const facts = { ...ordinaryTrello, classification: 'SECRET' };
    const own = await decide({ facts: { ...facts, account: 'personal' }, include: ['changes'] });
    const [change] = own.body.changes;
    assert.deepEqual([change.enough, change.verdict], [false, 'not-allowed']);
    assert.ok(change.inTheWay[0].citations.length > 0);
    assert.deepEqual((await decide({ facts, include: ['changes'] })).body.changes, []);
  });

  it('takes booleans, and the same as people write it', async () => {
    const asJson = await decide({ facts: ordinaryTrello });
    const asText = await decide({
      facts: {
        ...ordinaryTrello,
        classification: 'official',
        sensitive: 'No',
        personalData: 'false',
        account: 'WORK',
      },
    });
    assert.deepEqual(asText.body, asJson.body);
    const { value } = asText.body.given.find(({ fact }: Json) => fact === 'sensitive');
    assert.equal(value, false);
  });

  it('reads OFFICIAL-SENSITIVE as the classification and the caveat', async () => {
    const { classification, sensitive, ...rest } = ordinaryTrello;
    const { body } = await decide({ facts: { ...rest, classification: 'OFFICIAL-SENSITIVE' } });
    const given = Object.fromEntries(body.given.map(({ fact, value }: Json) => [fact, value]));
    assert.deepEqual([given.classification, given.sensitive], [classification, !sensitive]);
  });

  it('is for the day that is asked for, and the same to the byte each time', async () => {
    const question = { facts: ordinaryTrello, on: '2026-01-31' };
    const first = await decide(question);
    assert.equal(first.body.on, '2026-01-31');
    assert.equal((await decide(question)).text, first.text);
  });

  it('keeps a name that the catalogue does not hold as it was typed, and never takes a near miss', async () => {
    const { body } = await decide({ facts: { tool: 'Trelo' } });
    assert.deepEqual(body.tool, { id: null, name: 'Trelo', listed: false, matchedBy: null });
  });

  it('names whom to ask, with a way to reach them', async () => {
    const { body } = await decide({ facts: { ...ordinaryTrello, damagingIfLost: true } });
    assert.equal(body.verdict, 'get-guidance');
    assert.equal(body.ask.id, 'line-manager');
    const zoom = await decide({ facts: { ...ordinaryTrello, tool: 'zoom' } });
    assert.equal(zoom.body.verdict, 'request-review');
    const step = zoom.body.nextSteps.find(({ id }: Json) => id === 'submit-review-form');
    assert.match(step.contact.email, /@/);
  });
});

describe('the sample questions', () => {
  const file = path.join(import.meta.dirname, 'sample-questions.jsonl');
  const questions: Json[] = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  let ordinary: ReadonlyMap<string, unknown>;
  before(async () => {
    ordinary = new Map((await all('facts', 200)).map((fact) => [fact.id, fact.ordinary]));
  });

  it('are 36', () => assert.equal(questions.length, 36));

  for (const question of questions) {
    it(`${question.id}: ${question.verdict}`, async () => {
      const answer = await completed(question.facts);
      const parts = [...answer.conditions, ...answer.nextSteps, ...answer.standing];
      const cited = [...answer.reasons, ...parts].flatMap(({ citations }) =>
        citations.map(({ clause }: Json) => clause),
      );
      const tags = parts.map(({ id }) => id);
      const because = `${question.question}\n${answer.reasons.map(({ rule }: Json) => rule).join(' ')}`;
      assert.equal(answer.verdict, question.verdict, because);
      assert.deepEqual(
        question.cites.filter((clause: string) => !cited.includes(clause)),
        [],
        because,
      );
      assert.deepEqual(
        question.conditions.filter((tag: string) => !tags.includes(tag)),
        [],
        because,
      );
    });
  }

  async function completed(facts: Json): Promise<Json> {
    const stated = { ...facts };
    for (let round = 0; round < 30; round++) {
      const { body } = await decide({ facts: stated });
      if (body.missing.length === 0 && body.settled) return body;
      for (const fact of body.missing) stated[fact] = fact === 'tool' ? 'x' : ordinary.get(fact);
    }
    return assert.fail('the question never settles');
  }
});

describe('the catalogue', () => {
  const searches: readonly (readonly [q: string, id: string, matchedBy: string])[] = [
    ['trello', 'trello', 'id'],
    ['TRELLO', 'trello', 'id'],
    ['Microsoft  TEAMS', 'microsoft-teams', 'name'],
    ['trello board', 'trello', 'alias'],
    ['https://trello.com/b/abc/board?x=1', 'trello', 'domain'],
    ['teams.microsoft.com', 'microsoft-teams', 'domain'],
  ];
  for (const [q, id, matchedBy] of searches) {
    it(`finds \`${q}\` by ${matchedBy}`, async () => {
      const { body } = await get(`/api/v1/tools?q=${encodeURIComponent(q)}`);
      assert.deepEqual(
        body.tools.map((tool: Json) => [tool.id, tool.matchedBy]),
        [[id, matchedBy]],
      );
      assert.ok(body.suggestions.every((tool: Json) => tool.matchedBy === null && tool.id !== id));
    });
  }

  it('only suggests what is near', async () => {
    const { body } = await get('/api/v1/tools?q=trelo');
    assert.deepEqual(body.tools, []);
    assert.equal(body.suggestions[0].id, 'trello');
  });

  it('lists every tool by name, page by page', async () => {
    const tools = await all('tools', 7);
    assert.equal(tools.length, server.needs.policy().pack.tools.size);
    assert.equal(new Set(tools.map(({ id }) => id)).size, tools.length);
  });

  it('is filtered by kind and status', async () => {
    const { body } = await get('/api/v1/tools?kind=oit-tool&status=acceptable&limit=200');
    assert.ok(body.tools.length > 5);
    assert.ok(
      body.tools.every(
        ({ kind, status }: Json) => kind.value === 'oit-tool' && status.value === 'acceptable',
      ),
    );
  });

  it('shows one tool, with what the guidance says of it', async () => {
    const { body } = await get('/api/v1/tools/trello', '/api/v1/tools/{id}');
    assert.equal(body.name, 'Trello');
    assert.deepEqual([body.kind.value, body.status.value], ['oit-tool', 'acceptable']);
    assert.equal(body.listed.on, '2018-03');
    assert.deepEqual(
      body.listed.citations.map(({ clause }: Json) => clause),
      ['OIT-131'],
    );
  });

  it('shows every tool of the pack', async () => {
    for (const id of server.needs.policy().pack.tools.keys())
      await get(`/api/v1/tools/${id}`, '/api/v1/tools/{id}');
  });

  it('leads from a name that is no id to the one that was meant', async () => {
    const { status, body } = await get('/api/v1/tools/Trelo', '/api/v1/tools/{id}');
    assert.equal(status, 404);
    assert.equal(body.errors[0].suggestion, 'trello');
  });
});

describe('the lists', () => {
  it('hold the whole vocabulary', async () => {
    const facts = await all('facts', 10);
    assert.deepEqual(
      facts.map(({ id }) => id),
      [...server.needs.policy().pack.facts.keys()],
    );
    const sensitive = facts.find(({ id }) => id === 'sensitive');
    assert.deepEqual(
      sensitive?.values.map(({ value }: Json) => value),
      [true, false, 'unknown'],
    );
    assert.equal(sensitive?.ordinary, false);
  });

  it('hold the rules in force', async () => {
    const rules = await all('rules', 50);
    assert.equal(rules.length, server.needs.policy().pack.rules.length);
    const past = await get('/api/v1/rules?on=2018-03-01');
    assert.equal(past.body.on, '2018-03-01');
  });

  it('hold every statement with where it lives', async () => {
    const statements = await all('statements', 100);
    assert.equal(statements.length, 285);
    for (const { id, places, later } of statements)
      assert.ok(places.length + later.length > 0, `${id} is nowhere`);
  });

  for (const address of [
    '/api/v1/tools',
    '/api/v1/tools/trello',
    '/api/v1/facts',
    '/api/v1/rules',
    '/api/v1/openapi.json',
  ]) {
    it(`${address} may be kept for a short time, and is not sent again while it is the same`, async () => {
      const { headers } = await call(server.baseUrl, 'GET', address);
      assert.equal(headers.get('cache-control'), 'public, max-age=60');
      const etag = headers.get('etag') ?? '';
      assert.ok(etag.includes(server.needs.policy().hash.slice(0, 16)), etag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await call(server.baseUrl, 'GET', address, { headers: { 'if-none-match': known } });
        assert.deepEqual([again.status, again.text], [304, '']);
      }
      const other = await call(server.baseUrl, 'GET', address, { headers: { 'if-none-match': '"other"' } });
      assert.equal(other.status, 200);
    });
  }
});

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    assert.deepEqual([result.valid, result.errors], [true, undefined]);
    assert.equal(validator.version, '3.1');
  });

  it('describes every route, with every fact of the pack', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations as Json).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(
      described,
      routes.map(({ method, path }) => `${method} ${path}`),
    );
    assert.deepEqual(Object.keys(document.components.schemas.Facts.properties), [
      ...server.needs.policy().pack.facts.keys(),
    ]);
  });

  it('refers to nothing that is not there', () => {
    const names = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      (match) => match[1] ?? '',
    );
    assert.deepEqual(
      names.filter((name) => document.components.schemas[name] === undefined),
      [],
    );
  });
});

describe('the state of the service', () => {
  it('is at /health, /ping and /info', async () => {
    const { id, label } = server.needs.policy().pack;
    const { hash } = server.needs.policy();
    const health = await get('/health');
    assert.deepEqual(health.body, {
      status: 'UP',
      components: { policy: { status: 'UP', details: { id, label, hash } } },
    });
    const ping = await get('/ping');
    assert.deepEqual([ping.text, ping.headers.get('content-type')], ['pong', 'text/plain; charset=utf-8']);
    const info = await get('/info');
    assert.deepEqual(info.body.policy, { id, label, hash });
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(info.body.build, build);
    assert.match(build.version, /^\d+\.\d+\.\d+/);
    for (const { headers } of [health, ping, info]) assert.equal(headers.get('cache-control'), 'no-store');
  });
});
