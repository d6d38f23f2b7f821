import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { checkRings } from './rings.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

describe('the rings', () => {
  it('import only what the table of imports allows', () => {
    const files = ['src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts']
      .flatMap((pattern) => fs.globSync(pattern, { cwd: root }))
      .map((file) => file.split(path.sep).join('/'))
      // A test may look at everything that it tests. It runs nowhere else.
      .filter((file) => !file.startsWith('src/') || !file.endsWith('.test.ts'))
      .map((file) => ({ path: file, text: fs.readFileSync(path.join(root, file), 'utf8') }));
    assert.ok(files.length > 20, 'the source files are not where the check looks');
    assert.deepEqual(checkRings(files), []);
  });
});

describe('the check of the rings', () => {
  const cases: readonly (readonly [path: string, text: string, finding: RegExp])[] = [
    [
      'src/domain/a.ts',
      "import fs from 'node:fs';",
      /^src\/domain\/a\.ts:1: domain must not import `node:fs`/,
    ],
    ['src/domain/a.ts', "import { x } from 'lru-cache';", /domain must not import `lru-cache`/],
    ['src/domain/a.ts', "import { x } from '#platform/clock.ts';", /domain must not import platform/],
    ['src/domain/a.ts', "import type { X } from '#store/a.ts';", /domain must not import store/],
    ['src/domain/p/a.ts', "import { x } from '../../usecases/a.ts';", /leaves its folder/],
    ['src/domain/p/a.ts', "import { x } from '../../usecases/a.ts';", /domain must not import usecases/],
    [
      'src/domain/policy/checks/a.ts',
      "import { x } from '../../decision/a.ts';",
      /domain\/policy may import only types from domain\/decision/,
    ],
    ['src/domain/shared/a.ts', "import { x } from '#domain/policy/a.ts';", /only types from domain\/policy/],
    ['src/domain/a.ts', 'const day = new Date();', /the time comes from/],
    ['src/domain/a.ts', 'const x = Math.random();', /domain has no chance/],
    ['src/usecases/a.ts', "import { x } from '#store/a.ts';", /usecases may import only types from store/],
    ['src/usecases/a.ts', "import { type X, y } from '#platform/a.ts';", /only types from platform/],
    [
      'src/usecases/a.ts',
      "import {\n  x,\n} from '#web/a.ts';",
      /^src\/usecases\/a\.ts:3: usecases must not import web/,
    ],
    ['src/usecases/a.ts', "await import('#store/a.ts');", /only types from store/],
    ['src/store/a.ts', "import { x } from '#usecases/a.ts';", /store must not import usecases/],
    ['src/web/a.ts', "import type { X } from '#store/a.ts';", /web must not import store/],
    ['src/web/a.ts', "export * from '#api/a.ts';", /web must not import api/],
    ['src/api/a.ts', "import '../web/a.ts';", /api must not import web/],
    ['src/cli/a.ts', "import { x } from '../main.ts';", /cli must not import main/],
    ['src/platform/a.ts', "import { x } from '#domain/a.ts';", /platform must not import domain/],
    ['src/web/a.ts', "import { type X } from './b.ts';", /`import \{ type … \}` loads the file/],
    ['src/web/a.ts', 'const port = process.env.PORT;', /only main\.ts touches process\.env/],
    ['src/store/a.ts', 'const at = Date.now();', /the time comes from/],
    ['test/a.ts', "import { x } from '../src/domain/a.ts';", /leaves its folder/],
  ];
  for (const [file, text, finding] of cases) {
    it(`finds \`${text.replaceAll('\n', ' ')}\` in ${file}`, () => {
      const found = checkRings([{ path: file, text }]);
      assert.ok(
        found.some((line) => finding.test(line)),
        `found only ${JSON.stringify(found)}`,
      );
    });
  }

  const allowed: readonly (readonly [path: string, text: string])[] = [
    [
      'src/domain/decision/a.ts',
      "import { x } from '../policy/a.ts';\nimport { y } from '#domain/shared/b.ts';",
    ],
    ['src/domain/a.ts', "import { Type } from 'typebox';\nimport { Check } from 'typebox/value';"],
    ['src/domain/a.ts', 'const day = new Date(Date.UTC(2026, 0, 1)); // not new Date()'],
    ['src/usecases/a.ts', "import type { Store } from '#store/a.ts';\nimport { x } from '#domain/a.ts';"],
    ['src/web/a.ts', "import { type X, y } from './b.ts';\nimport { z } from '#usecases/a.ts';"],
    ['src/main.ts', "import { x } from '#store/a.ts';\nconst at = Date.now() + process.env.X;"],
  ];
  for (const [file, text] of allowed) {
    it(`allows \`${text.replaceAll('\n', ' ')}\` in ${file}`, () =>
      assert.deepEqual(checkRings([{ path: file, text }]), []));
  }
});
