import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { type Receipt, signedTextOf } from '#domain/receipts/receipt.ts';
import { createSigner, newSigningKey } from '#platform/signer.ts';
import { collectedText } from '#test/support/collected-text.ts';
import type { CliParts } from './parts.ts';
import { receipts } from './receipts.ts';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-receipts-'));
after(() => fs.rmSync(scratch, { recursive: true }));

const signer = createSigner(newSigningKey());
const unsigned: Omit<Receipt, 'signature' | 'supersededBy' | 'withdrawnAt'> = {
  id: '01a20000-0000-7000-8000-000000000001',
  reference: 'K7PM-3QX4-T',
  personId: '01a20000-0000-7000-8000-000000000002',
  personName: 'Alex Asker',
  savedAt: '2026-11-22T09:00:00.000Z',
  on: '2026-11-22',
  language: 'en',
  policyHash: 'f'.repeat(64),
  policyLabel: '2026-11',
  facts: { tool: 'trello', account: 'work' },
  recorded: [
    { fact: 'x', value: 'y', by: 'Lee', on: '2026-11-22', from: 'guidance-request:1', until: '2027-11-22' },
  ],
  answer: '{}',
  core: '[1,"allowed",[],[],[],[]]',
  words: 'What could go wrong',
  keepUntil: '2028-11-21',
};
const signed = { ...unsigned, signature: signer.sign(signedTextOf(unsigned)), key: signer.publicKey };

function written(name: string, content: unknown): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function run(...args: readonly string[]) {
  const [stdout, stderr] = [collectedText(), collectedText()];
  const parts = { io: { stdout: stdout.stream, stderr: stderr.stream } } as unknown as CliParts;
  const code = await receipts.run(args, parts);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

describe('receipts verify', () => {
  const whole = written('whole.json', signed);
  const key = written('key.pem', signer.publicKey);

  it('says of a saved answer that nothing in it was changed, who it was given to and when', async () => {
    const { code, stdout } = await run('verify', whole, '--key', key);
    assert.equal(code, 0);
    assert.match(stdout, /K7PM-3QX4-T: genuine\. Given to Alex Asker on 22 November 2026/);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /under the guidance 2026-11 \(f{12}\)/);
    assert.equal((await run('verify', whole)).code, 0);
    assert.equal(JSON.parse((await run('verify', whole, '--json')).stdout).isGenuine, true);
  });

  it('finds any field that was changed, what is on record among them', async () => {
    for (const [name, value] of Object.entries({
      words: 'Nothing',
      on: '2026-11-23',
      core: '[1,"not-allowed",[],[],[],[]]',
      facts: { tool: 'trello', account: 'personal' },
      recorded: [{ ...unsigned.recorded[0], until: '2028-11-22' }],
      signature: `${signed.signature.startsWith('A') ? 'B' : 'A'}${signed.signature.slice(1)}`,
    })) {
      const { code, stderr } = await run('verify', written('changed.json', { ...signed, [name]: value }));
      assert.deepEqual([name, code], [name, 1]);
      assert.match(stderr, /the signature in .* does not fit/, name);
    }
  });

  it('does not trust a key that comes with the file where another one is trusted', async () => {
    const other = createSigner(newSigningKey());
    const forged = { ...unsigned, words: 'x' };
    const file = written('forged.json', {
      ...forged,
      signature: other.sign(signedTextOf(forged)),
      key: other.publicKey,
    });
    assert.equal((await run('verify', file)).code, 0, 'by itself it looks right');
    const { code, stderr } = await run('verify', file, '--key', key);
    assert.equal(code, 1);
    assert.match(stderr, /signed with another key/);
  });

  for (const [what, args, code, message] of [
    ['no command', [], 2, /needs `verify`/],
    ['another command', ['verfy', 'x'], 2, /verify/],
    ['no file', ['verify'], 2, /needs the file/],
    ['two files', ['verify', 'a', 'b'], 2, /does not take `b`/],
    ['a file that is not there', ['verify', 'nowhere.json'], 2, /`nowhere\.json` cannot be read \(ENOENT\)/],
    [
      'a key that is not there',
      ['verify', whole, '--key', 'nowhere.pem'],
      2,
      /`nowhere\.pem` cannot be read/,
    ],
    ['a file of something else', ['verify', written('other.json', '[1]')], 1, /is not a saved answer/],
    ['no JSON', ['verify', written('text.json', 'K7PM')], 1, /is not a saved answer/],
    [
      'a record that is none',
      ['verify', written('record.json', { ...signed, recorded: [null] })],
      1,
      /is not a saved answer/,
    ],
  ] as const)
    it(`says what is wrong with ${what}`, async () => {
      const { code: ended, stderr } = await run(...args);
      assert.equal(ended, code);
      assert.match(stderr, message);
    });
});
