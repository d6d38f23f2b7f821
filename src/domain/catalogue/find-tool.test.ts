import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testNeeds } from '#test/support/guidance.ts';
import { hostOf } from '../shared/host-of.ts';
import { isNearTool } from './find-tool.ts';

const needs = await testNeeds();
const { catalogue, pack } = needs.policy();

const matches: readonly (readonly [typed: string, id: string | null])[] = [
  ['trello', 'trello'],
  ['Trello', 'trello'],
  ['  TRELLO ', 'trello'],
  ['ms teams', 'microsoft-teams'],
  ['Appear.in', 'appear-in'],
  ['appear in', 'appear-in'],
  ['https://trello.com/b/abc/board?x=1', 'trello'],
  ['trello.com', 'trello'],
  ['HTTPS://ACME.ZOOM.US/j/123', 'zoom'],
  ['twitter', 'x'],
  ['x.com', 'x'],
  ['Trelo', null],
  ['trello2', null],
  ['nottrello.com', null],
  ['trello.com.evil.example', null],
  ['https://evil.example/?u=trello.com', null],
  ['whereby', 'whereby'],
  ['google', null],
  ['office', null],
  ['__proto__', null],
  ['constructor', null],
  ['', null],
];

for (const [typed, id] of matches) {
  test(`\`${typed}\` is ${id ?? 'no tool that the catalogue knows'}`, () => {
    const found = catalogue.find(typed);
    assert.ok(found.ok);
    assert.equal(found.match.tool?.id ?? null, id);
    if (id === null) assert.equal(found.match.name, typed, 'an unknown name stays as typed');
  });
}

test('a successor product is not the listed one', () => {
  for (const tool of pack.tools.values()) {
    for (const name of tool.newNames) {
      const found = catalogue.find(name);
      assert.ok(found.ok);
      assert.notEqual(found.match.tool?.id, tool.id, `${name} passes for ${tool.name}`);
    }
  }
});

test('every tool is found by each of its own names', () => {
  for (const tool of pack.tools.values()) {
    for (const name of [tool.id, tool.name, ...tool.aliases, ...tool.oldNames, ...tool.domains]) {
      const found = catalogue.find(name);
      assert.ok(found.ok && found.match.tool?.id === tool.id, `${name} is not ${tool.id}`);
    }
  }
});

test('typing mistakes are near the tool that was meant, and other words are not', () => {
  const near = (text: string) =>
    needs
      .search()
      .find(text, 20)
      .flatMap(({ id }) => pack.tools.get(id) ?? [])
      .filter((tool) => isNearTool(tool, text))
      .map(({ id }) => id);
  for (const [typed, id] of [
    ['Trelo', 'trello'],
    ['watsapp', 'whatsapp'],
    ['chat gtp', 'chatgpt'],
    ['microsft teams', 'microsoft-teams'],
    ['gogle meet', 'google-meet'],
    ['slck', 'slack'],
    ['linkdin', 'linkedin'],
  ] as const) {
    assert.equal(near(typed)[0], id, typed);
  }
  assert.deepEqual(near('Boardly'), []);
  assert.deepEqual(near('our own case system'), []);
});

test('the host of what was pasted is found, and only where there is one', () => {
  assert.equal(hostOf('https://user:pw@Acme.Zoom.us:8443/j/1#x'), 'acme.zoom.us');
  assert.equal(hostOf('zoom.us.'), 'zoom.us');
  for (const text of [
    'zoom',
    'a b.c',
    'http://',
    'https://[::1]/',
    'javascript:alert(1)',
    '..',
    'file:///etc/passwd',
  ])
    assert.equal(hostOf(text), undefined, text);
});

test('what anybody can put under a domain of theirs is not the tool, and neither is an email address', () => {
  for (const text of ['https://files-abc.s3.amazonaws.com/upload', 'jane@trello.com']) {
    const found = catalogue.find(text);
    assert.ok(found.ok && found.match.tool === null, text);
  }
});
