import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readPolicyFolder } from './policy-folder.ts';
import { readPolicyFile } from './policy-yaml.ts';

describe('a folder with something in it that no guidance pack holds', () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-folder-'));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  const cases: readonly (readonly [what: string, put: (pack: string) => void, problem: string])[] = [
    [
      'a mapping of 100,000 keys',
      (pack) =>
        fs.writeFileSync(
          path.join(pack, 'tools.yaml'),
          Array.from({ length: 100_000 }, (_, key) => `key${key}: 1\n`).join(''),
        ),
      'tools.yaml:1: a mapping has more than 1000 keys, and none in a guidance pack does',
    ],
    [
      'lists inside lists without end',
      (pack) => fs.writeFileSync(path.join(pack, 'tools.yaml'), '- '.repeat(20_000)),
      'tools.yaml:1: something here is nested more than 100 levels deep',
    ],
    [
      'a file of more than 2 megabytes',
      (pack) => fs.writeFileSync(path.join(pack, 'tools.yaml'), `# ${'x'.repeat(2 * 1024 * 1024)}`),
      'tools.yaml:1: the file is larger than 2 megabytes',
    ],
    [
      'bytes that are not UTF-8',
      (pack) =>
        fs.writeFileSync(
          path.join(pack, 'tools.yaml'),
          Buffer.from('owner: caf\u00e9\nname: caf\u00e9', 'latin1'),
        ),
      'tools.yaml:1: this is not text in UTF-8',
    ],
    [
      'bytes that are not UTF-8 further down',
      (pack) =>
        fs.writeFileSync(
          path.join(pack, 'tools.yaml'),
          Buffer.concat([Buffer.from('owner: caf\u00e9\nname: '), Buffer.from([0xff, 0x0a])]),
        ),
      'tools.yaml:2: this is not text in UTF-8',
    ],
    [
      'a pipe with the name of a file',
      (pack) => execFileSync('mkfifo', [path.join(pack, 'tools.yaml')]),
      'tools.yaml:1: this is not read: it is not a file, but a pipe, a socket or a device',
    ],
    [
      'a link to a device',
      (pack) => fs.symlinkSync('/dev/zero', path.join(pack, 'tools.yaml')),
      'tools.yaml:1: this is not read: it is not a file, but a pipe, a socket or a device',
    ],
    [
      'a link that leads nowhere',
      (pack) => fs.symlinkSync('nothing.yaml', path.join(pack, 'tools.yaml')),
      'tools.yaml:1: this is not read: the link leads nowhere',
    ],
    [
      'a link that leads round in a circle',
      (pack) => fs.symlinkSync('..', path.join(pack, 'rules')),
      'rules:1: this is not read: a folder of a guidance pack is not a link to another one',
    ],
    [
      'folders without end',
      (pack) => fs.mkdirSync(path.join(pack, 'a/a/a/a/a/a/a'), { recursive: true }),
      'a/a/a/a/a:1: this is not read: a guidance pack has no folders as deep as this',
    ],
    [
      'thousands of files',
      (pack) => {
        for (let file = 0; file < 2_001; file++) fs.writeFileSync(path.join(pack, `${file}.yaml`), '');
      },
      'pack.yaml:1: the folder holds more than 2000 files and folders, and a guidance pack does not',
    ],
  ];
  for (const [what, put, problem] of cases) {
    it(`says so of ${what}`, async () => {
      const pack = fs.mkdtempSync(path.join(folder, 'pack-'));
      fs.writeFileSync(path.join(pack, 'pack.yaml'), 'id: test\n');
      put(pack);
      const { problems } = await readPolicyFolder(pack);
      assert.deepEqual(
        problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
        [problem],
      );
    });
  }

  it('is not looked into where it has no pack.yaml', async () => {
    const { files, problems } = await readPolicyFolder('/');
    assert.deepEqual([files, problems], [[], []]);
  });

  it('is read where a file is a link to another one', async () => {
    const pack = fs.mkdtempSync(path.join(folder, 'pack-'));
    fs.writeFileSync(path.join(folder, 'elsewhere.yaml'), 'id: test\n');
    fs.symlinkSync('../elsewhere.yaml', path.join(pack, 'pack.yaml'));
    const { files } = await readPolicyFolder(pack);
    assert.deepEqual(
      files.map(({ name, data }) => [name, data]),
      [['pack.yaml', { id: 'test' }]],
    );
  });
});

describe('a key that stands twice', () => {
  for (const [text, line] of [
    ['a: 1\nb: 2\na: 3', 3],
    ['a:\n  - { b: 1, c: 2, b: 3 }', 2],
    ['? 1\n: a\n? 1\n: b', 3],
  ] as const) {
    it(`is found in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readPolicyFile('a.yaml', text).problems, [
        { level: 'error', file: 'a.yaml', line, message: 'this is not YAML: Map keys must be unique' },
      ]);
    });
  }
});
