import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { serviceErrors } from '#platform/errors.ts';
import { describeSettings, exampleOfSettings } from '#platform/settings-text.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const manifest = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe('the documents', () => {
  it('README names only npm scripts that exist', () => {
    const named = [...read('README.md').matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)];
    const scripts = named.map((match) => match[1] ?? match[2] ?? '');
    assert.ok(
      scripts.includes('start') && scripts.includes('test'),
      'README must say how to start and to test',
    );
    assert.deepEqual(
      scripts.filter((script) => manifest.scripts[script] === undefined),
      [],
    );
  });

  it('docs/reference/settings.md lists every setting with its default, and no other', () => {
    assert.ok(
      read('docs/reference/settings.md').includes(`\n${describeSettings()}\n`),
      'run tools/settings.ts',
    );
  });

  it('.env.example has every setting with its default', () => {
    assert.equal(read('.env.example'), exampleOfSettings());
  });

  it('docs/reference/errors.md lists every error with its status and title, and no other', () => {
    assert.deepEqual(
      tableRows('docs/reference/errors.md').map((cells) => cells.slice(0, 3)),
      Object.entries(serviceErrors).map(([code, { status, title }]) => [
        `\`${code}\``,
        String(status),
        title,
      ]),
    );
  });

  it('no file holds what a merge left behind', () => {
    const listed = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
    const files = listed.stdout.split('\0').filter((file) => /\.(md|ts|js|njk|css|yaml|json)$/.test(file));
    assert.ok(files.length > 200, `${files.length} files`);
    const marked = files.filter(
      (file) => fs.existsSync(path.join(root, file)) && /^(<{7}|>{7}) /m.test(read(file)),
    );
    assert.deepEqual(marked, []);
  });

  it('every ADR has a context, a decision, a status and consequences', () => {
    const records = fs.globSync('docs/adr/[0-9]*.md', { cwd: root });
    assert.ok(records.length > 0, 'there is no ADR in docs/adr');
    for (const record of records) {
      const headings = [...read(record).matchAll(/^## (.+)$/gm)].map(
        (match) => match[1]?.toLowerCase() ?? '',
      );
      for (const part of ['context', 'decision', 'status', 'consequences']) {
        assert.ok(
          headings.some((heading) => heading.startsWith(part)),
          `${record} has no heading "${part}"`,
        );
      }
    }
  });

  it('every invariant in ARCHITECTURE.md names a test that exists', () => {
    const section =
      read('ARCHITECTURE.md')
        .split(/^## .*invariants.*$/im)[1]
        ?.split(/^## /m)[0] ?? '';
    const invariants = section.match(/^(?:\d+\.|- ).*(?:\n[ \t]+\S.*)*/gm) ?? [];
    assert.ok(invariants.length > 0, 'ARCHITECTURE.md has no list under a heading with "invariants"');
    for (const invariant of invariants) {
      const tests = [...invariant.matchAll(/[\w./-]+\.test\.ts/g)].map(([file]) => file);
      assert.ok(tests.length > 0, `no test is named for: ${invariant}`);
      for (const file of tests) assert.ok(fs.existsSync(path.join(root, file)), `${file} does not exist`);
    }
  });

  it('docs/adr/0006-dependencies.md says why each runtime dependency is there', () => {
    const text = read('docs/adr/0006-dependencies.md');
    assert.deepEqual(
      Object.keys(manifest.dependencies).filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });
});

describe('the project', () => {
  it('pins every dependency to one version', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.deepEqual(
      versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  it('names no folder of one machine and no package registry', () => {
    // Put together here, so that this file does not find itself.
    const traces = [
      new RegExp(`(?<![\\w./-])/(?:${['work', 'root', 'home/[a-z]+'].join('|')})/`),
      new RegExp(`registry\\.${'npmjs'}|"${'resolved'}": "http|_auth${'Token'}`),
    ];
    const found = trackedFiles().filter((file) => traces.some((trace) => trace.test(read(file))));
    assert.deepEqual(found, []);
  });
});

/** The cells of the first table of a document, without its heading. */
function tableRows(file: string): string[][] {
  const rows = read(file)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
  return rows.slice(2);
}

// What is committed or could be. Without git (an unpacked archive) everything outside node_modules and data.
function trackedFiles(): string[] {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files =
    listed.status === 0
      ? listed.stdout.toString().trim().split('\n')
      : fs.globSync('**/*', {
          cwd: root,
          exclude: (name) => ['node_modules', 'data', '.git'].includes(name),
        });
  return files.filter(
    (file) => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile() === true,
  );
}

function read(file: string): string {
  try {
    return fs.readFileSync(path.join(root, file), 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read`, { cause: error });
  }
}
