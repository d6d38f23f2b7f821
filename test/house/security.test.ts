import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.resolve(import.meta.dirname, '..', '..');
const text = fs.readFileSync(path.join(root, 'docs', 'reference', 'security.md'), 'utf8');

// OWASP ASVS 5.0.0: the last numbers of the requirements of levels 1 and 2 in each section.
const sections: Readonly<Record<string, readonly number[]>> = {
  ...upTo({ '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2, '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1 }),
  ...upTo({ '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2, '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4 }),
  ...upTo({ '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3, '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5 }),
  ...upTo({ '6.6': 3, '6.8': 4, '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2, '8.1': 2 }),
  ...upTo({ '8.2': 3, '8.3': 1, '8.4': 1, '9.1': 3, '9.2': 4, '10.1': 2, '10.2': 2, '10.3': 4 }),
  ...upTo({ '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3, '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 4 }),
  ...upTo({ '11.5': 1, '11.6': 1, '12.1': 3, '12.2': 2, '12.3': 4, '13.1': 1, '13.2': 5, '13.3': 2 }),
  ...upTo({ '13.4': 5, '14.1': 2, '14.2': 4, '14.3': 3, '15.1': 3, '15.2': 3, '15.3': 7, '16.1': 1 }),
  ...upTo({ '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3, '17.1': 1, '17.3': 2 }),
  '17.2': [1, 2, 3, 4],
};

describe('docs/reference/security.md', () => {
  it('has each requirement of ASVS 5.0.0 of levels 1 and 2 once, and no other', () => {
    const wanted = Object.entries(sections).flatMap(([section, numbers]) =>
      numbers.map((number) => `${section}.${number}`),
    );
    assert.equal(wanted.length, 253);
    const rows = [...text.matchAll(/^\| (\d+\.\d+\.\d+) \| [12] \|/gm)].map(([, id]) => id);
    const left = [...text.matchAll(/^Does not apply \(([\d., ]+)\): /gm)].flatMap(([, ids = '']) =>
      ids.split(', '),
    );
    assert.deepEqual([...rows, ...left].sort(), wanted.sort());
  });

  it('says of each row how it is met, and shows it by a test or says why none can', () => {
    for (const [row, id = ''] of text.matchAll(/^\| (\d+\.\d+\.\d+) \|.*$/gm)) {
      const cells = row.split(' | ');
      assert.equal(cells.length, 5, row);
      for (const cell of cells.slice(0, 4)) assert.notEqual(cell.trim(), '', id);
    }
  });

  it('names only files that exist, and of tests only titles that they have', () => {
    const files = [...text.matchAll(/`((?:src|test|docs|policy)\/[\w./-]*)`(?: “([^”]+)”)?/g)];
    assert.ok(files.length >= 150, `${files.length}`);
    for (const [, file = '', title] of files) {
      assert.ok(fs.existsSync(path.join(root, file)), `${file} does not exist`);
      if (title === undefined) continue;
      const source = fs.readFileSync(path.join(root, file), 'utf8');
      assert.ok(source.includes(`it('${title}'`), `${file} has no test “${title}”`);
    }
    for (const [, link = ''] of text.matchAll(/\]\(([\w./-]+)\)/g))
      assert.ok(fs.existsSync(path.join(root, 'docs', 'reference', link)), `${link} does not exist`);
  });
});

function upTo(last: Readonly<Record<string, number>>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(last).map(([section, count]) => [
      section,
      Array.from({ length: count }, (_, place) => place + 1),
    ]),
  );
}
