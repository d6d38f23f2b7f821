import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { routes } from '#api/routes.ts';
import { exitCodes, verdictExitCodes } from '#cli/exit-codes.ts';
import { commands } from '#cli/main.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

describe('docs/reference/api.md', () => {
  const text = read('api.md');

  it('lists every call, and no other', () => {
    assert.deepEqual(
      column(text, 'Call'),
      routes.map(({ method, path }) => `${method} ${path}`),
    );
  });

  it('says how long a list may be', () => {
    const limit = routes.find(({ id }) => id === 'listFacts')?.query?.properties.limit as Record<
      string,
      number
    >;
    assert.ok(
      text.includes(`\`limit\` (${limit.minimum} to ${limit.maximum}, ${limit.default} when absent)`),
    );
  });
});

describe('docs/reference/cli.md', () => {
  const text = read('cli.md');

  it('lists every command as `--help` shows it, and no other', () => {
    assert.deepEqual(
      column(text, 'Command'),
      commands.flatMap(({ usage }) => usage),
    );
  });

  it('lists every exit code', () => {
    const codes = column(text, 'Code').map(Number);
    const known = [...new Set([...Object.values(verdictExitCodes), ...Object.values(exitCodes)])];
    assert.deepEqual(codes.toSorted(ascending), known.toSorted(ascending));
    for (const [verdict, code] of Object.entries(verdictExitCodes)) {
      assert.match(text, new RegExp(`\\| ${code} \\| ${verdict}[;\\s]`));
    }
  });
});

/** The first cells of the table whose first column has this heading. */
function column(text: string, heading: string): string[] {
  const [, table = ''] = text.split(`\n| ${heading} |`);
  const rows = table.split('\n').slice(2);
  const end = rows.findIndex((row) => !row.startsWith('|'));
  return rows.slice(0, end).map((row) => {
    const [, cell = ''] = row.split(/(?<!\\)\|/);
    return cell.trim().replaceAll('`', '').replaceAll('\\|', '|');
  });
}

function read(name: string): string {
  return fs.readFileSync(path.join(root, 'docs', 'reference', name), 'utf8');
}

function ascending(a: number, b: number): number {
  return a - b;
}
