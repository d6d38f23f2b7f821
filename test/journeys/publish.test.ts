import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { runPolicyPublish } from '#cli/policy-publish.ts';
import type { Memory } from '#serve.ts';
import { loadGuidance } from '#store/guidance.ts';
import { runProgram } from '#test/support/cli.ts';
import { collectedText } from '#test/support/collected-text.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { shippedGuidance } from '#test/support/guidance.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { Person } from '#test/support/person.ts';
import { changedGuidance, milderName } from '#test/support/versions.ts';

const unusedFolder = path.resolve(import.meta.dirname, '..', 'broken-policy', 'sound');
const main = path.resolve(import.meta.dirname, '..', '..', 'src', 'main.ts');

onBothDatabases('policy publish, beside a server that runs', (kind) => {
  let own: TestDatabase;
  let env: Record<string, string>;
  let folder: string;
  let server: { readonly child: ChildProcess; readonly baseUrl: string };
  let memory: Memory;
  let shipped: string;
  let milder: string;
  before(async () => {
    own = await kind.create();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-milder-'));
    const { dataDir, databaseUrl } = own.place;
    env = { DATA_DIR: dataDir, ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) };
    const guidance = await changedGuidance('milder');
    for (const { name, text } of guidance.texts) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
    [shipped, milder] = [(await shippedGuidance()).hash, guidance.hash];
    server = await startServer(env);
    memory = await testMemoryIn(own.place);
  });
  after(async () => {
    server.child.kill('SIGTERM');
    await once(server.child, 'exit');
    await memory.close();
    fs.rmSync(folder, { recursive: true });
    await own.remove();
  });
  const ctu = (args: readonly string[], token?: string) =>
    runProgram(args, { ...env, ...(token === undefined ? {} : { CTU_TOKEN: token }) });
  /** The same without a process of its own. */
  const runHere = async (args: readonly string[], token?: string) => {
    const [stdout, stderr] = [collectedText(), collectedText()];
    const code = await runPolicyPublish(args, {
      io: { stdout: stdout.stream, stderr: stderr.stream },
      load: loadGuidance,
      openVersions: async () => ({ needs: memory.people, close: async () => {} }),
      token,
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  };
  const takes = async (hash: string): Promise<void> => {
    const started = performance.now();
    while ((await infoOf(server.baseUrl)) !== hash) {
      assert.ok(performance.now() - started < 1_000, 'a server that runs takes it within a second');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const tokenOf = async (id: string): Promise<string> => {
    const person = await Person.signedIn(server.baseUrl, id);
    const year = new Date().getUTCFullYear();
    const made = await person.send('/me/tokens', '/me/tokens', {
      label: 'Publishing',
      'endsOn-day': '31',
      'endsOn-month': '12',
      'endsOn-year': String(year),
      roles: id,
    });
    return /ctu_[\w-]+/.exec(await made.text())?.[0] ?? assert.fail('no token');
  };

  it('publishes a folder at once on trial, and going back is one command', async () => {
    const published = await ctu(['policy', 'publish', folder]);
    assert.deepEqual([published.code, published.stderr], [0, '']);
    assert.match(
      published.stdout,
      /“milder” \(\w{12}\) is in force\. Running servers take it within a second\./,
    );
    await takes(milder);
    const again = await ctu(['policy', 'publish', milder.slice(0, 12)]);
    assert.deepEqual([again.code, again.stdout.includes('is in force already')], [0, true]);
    const back = await ctu(['policy', 'publish', shipped.slice(0, 8), '--json']);
    assert.equal(back.code, 0);
    assert.deepEqual(JSON.parse(back.stdout).number, 3);
    await takes(shipped);
    const listed = await ctu(['policy', 'versions', '--json']);
    assert.deepEqual(
      JSON.parse(listed.stdout).map(({ hash, state }: { hash: string; state: string }) => [hash, state]),
      [
        [milder, 'earlier'],
        [shipped, 'in-force'],
      ],
    );
    const text = await ctu(['policy', 'versions']);
    assert.match(text.stdout, new RegExp(`^${milder.slice(0, 12)}: earlier, milder`, 'm'));
  });

  it('takes two people with tokens, who acknowledge, refuse, agree and withdraw', async () => {
    const [owner, administrator] = [await tokenOf('policy-owner'), await tokenOf('administrator')];
    const publish = ['policy', 'publish', milder.slice(0, 12)];
    const bare = await ctu(publish, owner);
    assert.equal(bare.code, 1);
    assert.match(bare.stderr, /Enter why this version should come into force: --words/);
    assert.match(bare.stderr.replaceAll('\n', ' '), new RegExp(`--acknowledge ${milderName}`));
    const wish = ['--words', 'It is time.', '--acknowledge', milderName];
    assert.match(
      (await ctu([...publish, ...wish], administrator)).stderr,
      /does not have the role of a policy owner/,
    );
    const proposed = await ctu([...publish, ...wish, '--json'], owner);
    assert.equal(proposed.code, 0, proposed.stderr);
    assert.equal(JSON.parse(proposed.stdout).outcome, 'proposed');
    const own = await ctu([...publish, '--agree'], owner);
    assert.deepEqual([own.code, /a second person has to decide/.test(own.stderr)], [1, true]);
    assert.match(
      (await ctu([...publish, '--refuse'], administrator)).stderr,
      /Enter why you refuse it: --words/,
    );
    const refused = await ctu([...publish, '--refuse', '--words', 'Not yet.'], administrator);
    assert.deepEqual([refused.code, refused.stdout.includes('is refused.')], [0, true]);
    assert.match((await ctu([...publish, '--agree'], administrator)).stderr, /nobody has proposed/);
    assert.equal((await ctu([...publish, ...wish], owner)).code, 0);
    assert.equal((await ctu([...publish, '--withdraw'], owner)).code, 0);
    assert.equal((await ctu([...publish, ...wish], owner)).code, 0);
    assert.match(
      (await ctu(['policy', 'versions'])).stdout,
      /proposed by Sam Policy owner, at once: waits for a\n? *second person/,
    );
    const agreed = await ctu([...publish, '--agree', '--json'], administrator);
    assert.equal(agreed.code, 0, agreed.stderr);
    assert.equal(JSON.parse(agreed.stdout).why, 'agreed');
    await takes(milder);
  });

  const wrong: readonly (readonly [args: readonly string[], code: number, said: RegExp])[] = [
    [[], 2, /needs a version: the beginning of its hash, or a folder/],
    [['abc'], 2, /neither a folder nor the beginning of a hash/],
    [['0123456789ab'], 1, /no version in the database has a hash that begins/],
    [['0123456789ab', 'x'], 2, /does not take `x`/],
    [['0123456789ab', '--agree', '--refuse'], 2, /exclude each other/],
    [['0123456789ab', '--agree', '--on', '2027-01-01'], 2, /takes neither `--on` nor `--acknowledge`/],
    [['0123456789ab', '--on', '2027-02-30'], 2, /must be a day that exists/],
    [['0123456789ab', '--on', '2027-02-03'], 1, /needs somebody who proposes it: set CTU_TOKEN/],
    [['0123456789ab', '--agree'], 1, /CTU_TOKEN is not set/],
    [['0123456789ab', '--agre'], 2, /Did you mean `--agree`/],
  ];
  for (const [args, code, said] of wrong) {
    it(`ends with ${code} and says what is wrong: policy publish ${args.join(' ')}`, async () => {
      const run = await runHere(args);
      assert.deepEqual([run.code, run.stdout], [code, '']);
      assert.match(run.stderr.replaceAll(/\s+/g, ' '), said);
      assert.doesNotMatch(run.stderr, /our mistake/);
    });
  }

  it('says that a token is not known, before anything of what was named is kept', async () => {
    const run = await runHere([unusedFolder], 'ctu_nobody');
    assert.equal(run.code, 1);
    assert.match(run.stderr, /the token in CTU_TOKEN is unknown/);
    assert.equal((await memory.people.store.policyVersions.list()).length, 2);
  });
});

async function startServer(env: Readonly<Record<string, string>>) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [main, 'serve'], {
    env: { PATH, PORT: '0', LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the service did not start: ${said}`)));
    child.stderr?.on('data', (text) => {
      said += text;
      const port = /localhost:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(`http://localhost:${port}`);
    });
  });
  return { child, baseUrl };
}

async function infoOf(baseUrl: string): Promise<string> {
  const info = (await (await fetch(`${baseUrl}/info`)).json()) as {
    readonly policy: { readonly hash: string };
  };
  return info.policy.hash;
}
