import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { openLogDestination } from './log-destination.ts';

test('a log to a file holds every line, in order', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-log-')), 'log');
  const fd = fs.openSync(file, 'a');
  const log = openLogDestination({ fd });
  for (let line = 0; line < 1_000; line++) log.write(`${line}\n`);
  await log.flush(10_000);
  fs.closeSync(fd);
  assert.deepEqual(
    fs.readFileSync(file, 'utf8').trim().split('\n').map(Number),
    Array.from({ length: 1_000 }, (_, line) => line),
  );
  fs.rmSync(path.dirname(file), { recursive: true });
});

test('a reader that stands still costs lines beyond a megabyte, and hears how many once it reads on', async () => {
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const writer = net.connect(port, '127.0.0.1');
  const [[reader]] = await Promise.all([once(server, 'connection'), once(writer, 'connect')]);
  const log = openLogDestination(writer);
  const line = `${'x'.repeat(999)}\n`;
  const turns = 100;
  for (let turn = 0; turn < turns; turn++) {
    for (let count = 0; count < 1_000; count++) log.write(line);
    await new Promise(setImmediate);
  }
  let received = '';
  reader.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  reader.resume();
  await log.flush(10_000);
  log.write('the last\n');
  await log.flush(10_000);
  writer.end();
  await once(reader, 'end');
  server.close();
  const lines = received.trim().split('\n');
  const lost = lines.filter((one) => one.startsWith('{')).map((one) => JSON.parse(one).count as number);
  const kept = lines.filter((one) => one.startsWith('x')).length;
  assert.ok(lost.length > 0, 'nothing was lost');
  assert.equal(kept + lost.reduce((sum, count) => sum + count, 0), turns * 1_000);
  assert.equal(lines.at(-1), 'the last');
});
