import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { AuditCheck, AuditHead, Hash } from '#domain/audit/chain.ts';
import type { AuditRecord } from '#domain/audit/event.ts';
import { isSignedWith } from '#platform/signer.ts';
import { type SignedHead, signedText } from '#usecases/audit/signed-head.ts';
import { type TrailToRead, verifyAuditTrail } from '#usecases/audit/verify-audit-trail.ts';
import { readArguments, unknownName } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliParts, Command } from './parts.ts';
import { progressBar } from './progress-bar.ts';
import { complain, openOutput, writeJson } from './terminal.ts';

/** The trail in the database of the settings, opened for a check. */
export type OpenTrail = () => Promise<
  TrailToRead & { readonly hash: Hash; readonly close: () => Promise<void> }
>;

/** Looks into the audit trail. */
export const audit: Command = {
  name: 'audit',
  usage: ['audit verify [--head FILE] [--key FILE] [--export FILE] [--json]'],
  summary: 'Check that nothing in the audit trail was changed, taken out or put elsewhere',
  help: [
    'Without `--export` it reads the database of the settings; with it a trail that was taken out as JSON lines, on any machine.',
    '`--head` also checks that the trail still goes through a signed head that was taken out earlier, so that a trail that was written anew is found. `--key` is the public key that must have signed it; without it the key in the head is taken, and its fingerprint printed.',
  ],
  async run(args, parts) {
    const { words, options, flags, problems } = readArguments(args, {
      flags: ['json'],
      options: ['head', 'key', 'export'],
    });
    const [name, ...rest] = words;
    const wrong = [
      ...problems,
      ...(name === 'verify'
        ? rest.map((word) => `\`audit verify\` does not take \`${word}\``)
        : [
            name === undefined
              ? '`audit` needs `verify`'
              : unknownName('command of `audit`', name, ['verify']),
          ]),
      ...(options.has('key') && !options.has('head') ? ['`--key` is for `--head`'] : []),
    ];
    if (wrong.length > 0) {
      complain(parts.io.stderr, wrong);
      return exitCodes.usage;
    }
    const head = options.has('head') ? await readHead(options.get('head') ?? '', options.get('key')) : null;
    if (head !== null && 'wrong' in head) {
      complain(parts.io.stderr, [head.wrong]);
      return exitCodes.fault;
    }
    const check = await verify(parts, options.get('export'), head?.head);
    if (typeof check === 'string') {
      complain(parts.io.stderr, [check]);
      return exitCodes.fault;
    }
    if (flags.has('json'))
      writeJson(parts.io.stdout, { ...check, ...(head === null ? {} : { known: head.head }) });
    else print(parts, check, head);
    return check.findings.length === 0 ? exitCodes.done : exitCodes.fault;
  },
};

async function verify(
  { openTrail, io }: CliParts,
  exported: string | undefined,
  known: AuditHead | undefined,
): Promise<AuditCheck | string> {
  const bar = progressBar(io.stderr);
  if (exported !== undefined) {
    const { hash, ...trail } = exportedTrail(exported);
    try {
      return await verifyAuditTrail(trail, hash, known);
    } catch (error) {
      if (error instanceof SyntaxError) return `\`${exported}\` does not hold events as JSON lines`;
      throw error;
    }
  }
  const { hash, close, ...trail } = await openTrail();
  try {
    const { number } = await trail.head();
    return await verifyAuditTrail(trail, hash, known, (count) =>
      bar.tell('events', count / Math.max(1, number)),
    );
  } finally {
    bar.clear();
    await close();
  }
}

// Of a file nothing says where it should end, so its own last event stands for that.
function exportedTrail(file: string): TrailToRead & { readonly hash: Hash } {
  let last: AuditHead | undefined;
  return {
    hash: sha256,
    async *read() {
      for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
        if (line.trim() === '') continue;
        const { payload, ...event } = JSON.parse(line) as Omit<AuditRecord, 'payload'> & { payload: unknown };
        last = { number: event.number, hash: event.hash };
        yield { ...event, payload: payload === null ? null : JSON.stringify(payload) };
      }
    },
    head: async () => last ?? { number: 0, hash: '' },
  };
}

type ReadHead = { readonly head: SignedHead; readonly fingerprint: string } | { readonly wrong: string };

async function readHead(file: string, keyFile: string | undefined): Promise<ReadHead> {
  const read = JSON.parse(await readFile(file, 'utf8').then(orEmptyObject)) as Partial<SignedHead>;
  const { number, hash, at, signature, key } = read;
  if (typeof number !== 'number' || !isText(hash) || !isText(at) || !isText(signature) || !isText(key))
    return { wrong: `\`${file}\` is not a signed head of an audit trail` };
  const head = { number, hash, at, signature, key };
  if (keyFile !== undefined && (await readFile(keyFile, 'utf8')).trim() !== key.trim())
    return { wrong: `\`${file}\` was signed with another key than \`${keyFile}\`` };
  if (!isSignedWith(key, signedText(head), signature))
    return { wrong: `the signature in \`${file}\` does not fit: the head was changed` };
  return { head, fingerprint: sha256(key.trim()) };
}

function orEmptyObject(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return '{}';
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function print(
  { io }: CliParts,
  check: AuditCheck,
  head: Exclude<ReadHead, { readonly wrong: string }> | null,
): void {
  const out = openOutput(io.stdout);
  for (const { number, detail } of check.findings) out.text(`event ${number}: ${detail}`);
  if (head !== null)
    out.text(
      `head ${head.head.number} of ${head.head.at}, signed with the key ${head.fingerprint.slice(0, 16)}…`,
    );
  if (check.disposed.length > 0) out.text(`${check.disposed.length} payloads were disposed of in their time`);
  const { length } = check.findings;
  out.text(
    length === 0
      ? `${check.count} events, the last one ${check.head.number} ${check.head.hash.slice(0, 16)}…: whole`
      : `${check.count} events: ${length} ${length === 1 ? 'thing is' : 'things are'} wrong`,
  );
}
