import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { parse } from 'yaml';
import { startApp } from '#test/support/app.ts';
import type { Journey } from '#test/support/asker.ts';
import { answerTo, completed } from '#test/support/guidance.ts';
import { hrefOf } from '#web/ask/address.ts';

const { baseUrl, needs, close } = await startApp();
after(close);
const { pack } = needs.policy();

type Facts = Readonly<Record<string, string | boolean>>;
type Situation = { readonly name: string; readonly facts: Facts };

const file = fs.readFileSync(path.join(import.meta.dirname, 'staff-journeys.yaml'), 'utf8');
const journeys = (parse(file) as { journeys: readonly Journey[] }).journeys.map(
  ({ id, answers, starts }): Situation => ({ name: id, facts: { tool: starts.tool ?? '', ...answers } }),
);
const examples = pack.rules.flatMap(({ id, examples: own }) =>
  own.map(({ name, facts }): Situation => ({ name: `${id}: ${name}`, facts })),
);

/** A suggestion as the page shows it. */
type Suggestion = { readonly href: string; readonly text: string };

describe('every way out on an answer page gives what it promises', () => {
  for (const [what, situations] of Object.entries({
    'the staff journeys': journeys,
    'the examples of the pack': examples,
  }))
    it(`for ${what}`, async () => {
      let followed = 0;
      for (const { name, facts } of situations) {
        const tool = String(facts.tool ?? '');
        const stated = tool === '' ? without(facts, 'tool') : facts;
        const all = tool !== '' && claims(facts) ? stated : completed(needs, stated);
        for (const suggestion of suggestionsIn(await read(addressOf(all)))) {
          await follow(suggestion, `${name}: ${suggestion.text}`);
          followed++;
        }
      }
      assert.ok(followed > situations.length / 2, `only ${followed} ways out`);
    });
});

describe('the ways out on an answer page', () => {
  const ordinary = {
    account: 'work',
    device: 'moj',
    purpose: 'communicate',
    audience: 'internal',
    classification: 'OFFICIAL',
    sensitive: 'false',
    personalData: 'false',
    damageOrDistress: 'false',
    damagingIfLost: 'false',
    organisation: 'moj-headquarters',
  };

  it('stand above the reasons, and only where the answer is not a yes', async () => {
    const html = await read(addressOf({ tool: 'slack', ...ordinary, account: 'personal' }));
    const places = ['id="changes"', 'id="instead"', 'id="reasons"'].map((id) => html.indexOf(id));
    assert.ok(
      places.every((place, index) => place > (places[index - 1] ?? 0)),
      String(places),
    );
    assert.doesNotMatch(await read(addressOf({ tool: 'slack', ...ordinary })), /id="(changes|instead)"/);
    assert.doesNotMatch(await read(addressOf({ tool: 'slack' })), /id="(changes|instead)"/);
    assert.doesNotMatch(await read(addressOf({ tool: 'slack', incident: 'true' })), /id="(changes|instead)"/);
  });

  it('say who else has to agree', async () => {
    const html = await read(addressOf({ tool: 'miro', ...ordinary, purpose: 'collaborate' }));
    assert.match(
      html,
      /Get a formal approval after a security review<\/a>: you can use it, with conditions\./,
    );
    assert.match(html, /Not up to you alone: the security team must agree\./);
  });

  it('say what another tool takes', async () => {
    const html = await read(addressOf({ tool: 'slack', ...ordinary, account: 'personal' }));
    assert.match(html, /MoJ email<\/a>, if you use your own MoJ sign-in: you can use it\./);
  });

  it('say where no change is enough, and where there is none', async () => {
    const secret = { ...ordinary, classification: 'SECRET' };
    const own = await read(addressOf({ tool: 'slack', ...secret, account: 'personal' }));
    assert.match(
      own,
      /No change is enough[\s\S]*Use your own MoJ sign-in[\s\S]*What still stands in the way[\s\S]*Only OFFICIAL/,
    );
    assert.match(
      await read(addressOf({ tool: 'slack', ...secret })),
      /There is no change that you could make/,
    );
    const unknown = await read(addressOf({ tool: 'slack', ...ordinary, classification: 'unknown' }));
    assert.match(unknown, /id="changes"[\s\S]*That depends on what you find out first/);
  });
});

async function follow({ href, text }: Suggestion, message: string): Promise<void> {
  const url = new URL(href, baseUrl);
  const response = await fetch(url);
  assert.equal(response.status, 200, message);
  const html = await response.text();
  const verdict = /data-verdict="([^"]*)"/.exec(html)?.[1];
  if (/you may be able to use it/.test(text)) {
    assert.equal(url.pathname, '/check', message);
    const facts = Object.fromEntries(url.searchParams);
    assert.match(answerTo(needs, facts).best, /^allowed/, message);
    return;
  }
  assert.equal(url.pathname, '/answer', message);
  if (/you can use it\./.test(text)) assert.equal(verdict, 'allowed', message);
  else if (/you can use it, with conditions\./.test(text))
    assert.equal(verdict, 'allowed-with-conditions', message);
  // What is not enough promises nothing but a page with the reasons that are left.
  else assert.match(verdict ?? '', /^(get-guidance|request-review|not-allowed)$/, message);
}

function suggestionsIn(html: string): Suggestion[] {
  const sections = [/id="changes"[\s\S]*?(?=<h2)/, /id="instead"[\s\S]*?(?=<h2|<details)/];
  return sections.flatMap((section) =>
    [
      ...(section.exec(html)?.[0] ?? '').matchAll(
        /<li><a class="govuk-link" href="([^"]*)">([\s\S]*?)<\/li>/g,
      ),
    ].map(([, href = '', text = '']) => ({
      href: href.replaceAll('&amp;', '&'),
      text: text.replaceAll(/<[^>]*>/g, ''),
    })),
  );
}

async function read(address: string): Promise<string> {
  const response = await fetch(`${baseUrl}${address}`);
  assert.equal(response.status, 200, address);
  return response.text();
}

function addressOf(facts: Readonly<Record<string, unknown>>): string {
  return hrefOf(
    '/answer',
    Object.entries(facts).map(([fact, value]) => [fact, String(value)] as const),
  );
}

// What a register would hold can be claimed only while nobody is named whose register it is.
function claims(facts: Facts): boolean {
  return Object.keys(facts).some((id) => pack.facts.get(id)?.follows !== undefined);
}

function without(facts: Facts, name: string): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([fact]) => fact !== name));
}
