import { open, readFile } from 'node:fs/promises';
import type { AuditCheck, AuditHead, Hash } from '#domain/audit/chain.ts';
import type { AuditRecord } from '#domain/audit/event.ts';
import { sha256 } from '#platform/sha256.ts';
import { fingerprintOf, isSignedWith } from '#platform/signer.ts';
import { type SignedHead, signedText } from '#usecases/audit/signed-head.ts';
import { type TrailToRead, verifyAuditTrail } from '#usecases/audit/verify-audit-trail.ts';
import { readArguments, unknownName } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliParts, Command } from './parts.ts';
import { progressBar } from './progress-bar.ts';
import { complain, openOutput, writeJson } from './terminal.ts';

/** The trail in the database of the settings, opened for a check. */
export type OpenTrail = () => Promise<
  TrailToRead & {
    readonly hash: Hash;
    readonly close: () => Promise<void>;
    /** What an error says that came while the trail was read. */
    readonly describe: (error: unknown) => string;
  }
>;

/** What was named cannot be used as that. `code` is the exit code. */
class Refused extends Error {
  readonly code: number;

  constructor(message: string, code: number = exitCodes.fault) {
    super(message);
    this.code = code;
  }
}

/** Looks into the audit trail. */
export const audit: Command = {
  name: 'audit',
  usage: ['audit verify [--head FILE] [--key FILE] [--export FILE] [--json]'],
  summary: 'Check that nothing in the audit trail was changed, taken out or put elsewhere',
  help: [
    'Without `--export` it reads the database of the settings; with it a trail that was taken out as JSON lines, on any machine.',
    '`--head` also checks that the trail still goes through a signed head that was taken out earlier, so that a trail that was written anew is found. `--key` is the public key that must have signed it, or an older head that has it; without it the key in the head is taken, and its fingerprint printed.',
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
    try {
      const head = options.has('head') ? await readHead(options.get('head') ?? '', options.get('key')) : null;
      const check = await verify(parts, options.get('export'), head?.head);
      if (flags.has('json'))
        writeJson(parts.io.stdout, { ...check, ...(head === null ? {} : { known: head.head }) });
      else print(parts, check, head);
      return check.findings.length === 0 ? exitCodes.done : exitCodes.fault;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      complain(parts.io.stderr, [error.message]);
      return error.code;
    }
  },
};

async function verify(
  { openTrail, io }: CliParts,
  exported: string | undefined,
  known: AuditHead | undefined,
): Promise<AuditCheck> {
  if (exported !== undefined) return verifyAuditTrail(exportedTrail(exported), sha256, known);
  const bar = progressBar(io.stderr);
  const { hash, close, describe, ...trail } = await openTrail();
  try {
    const { number } = await trail.head();
    return await verifyAuditTrail(trail, hash, known, (count) =>
      bar.tell('events', count / Math.max(1, number)),
    );
  } catch (error) {
    throw new Refused(`the audit trail cannot be read: ${describe(error)}`);
  } finally {
    bar.clear();
    await close();
  }
}

// Of a file nothing says where it should end, so its own last event stands for that.
function exportedTrail(file: string): TrailToRead {
  let last: AuditHead | undefined;
  return {
    async *read() {
      let place = 0;
      for await (const line of linesOf(file)) {
        place += 1;
        if (line.trim() === '') continue;
        const event = eventIn(line);
        if (event === null)
          throw new Refused(`line ${place} of \`${file}\` is not an event of an audit trail`);
        last = { number: event.number, hash: event.hash };
        yield event;
      }
    },
    head: async () => last ?? { number: 0, hash: '' },
  };
}

async function* linesOf(file: string): AsyncIterable<string> {
  const opened = await open(file).catch(cannotRead(file));
  try {
    yield* opened.readLines();
  } catch (error) {
    cannotRead(file)(error);
  } finally {
    await opened.close();
  }
}

function eventIn(line: string): AuditRecord | null {
  const { payload, ...event } = objectIn(line) as Omit<AuditRecord, 'payload'> & {
    readonly payload: unknown;
  };
  if (!Number.isSafeInteger(event.number) || !isText(event.hash) || payload === undefined) return null;
  return { ...event, payload: payload === null ? null : JSON.stringify(payload) };
}

type ReadHead = { readonly head: SignedHead; readonly fingerprint: string };

async function readHead(file: string, keyFile: string | undefined): Promise<ReadHead> {
  const read = objectIn(await readText(file)) as Partial<SignedHead>;
  const { number, hash, at, signature, key } = read;
  if (typeof number !== 'number' || !isText(hash) || !isText(at) || !isText(signature) || !isText(key))
    throw new Refused(`\`${file}\` is not a signed head of an audit trail`);
  const head = { number, hash, at, signature, key };
  if (keyFile !== undefined && keyIn(await readText(keyFile)) !== key.trim())
    throw new Refused(`\`${file}\` was signed with another key than \`${keyFile}\``);
  if (!isSignedWith(key, signedText(head), signature))
    throw new Refused(`the signature in \`${file}\` does not fit: the head was changed`);
  return { head, fingerprint: fingerprintOf(key) };
}

// The key itself, or a head that was exported before and has it.
function keyIn(text: string): string {
  const { key } = objectIn(text) as Partial<SignedHead>;
  return (isText(key) ? key : text).trim();
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(cannotRead(file));
}

function cannotRead(file: string): (error: unknown) => never {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refused(`\`${file}\` cannot be read (${code})`, exitCodes.usage);
  };
}

// What is no object of JSON has nothing in it.
function objectIn(text: string): object {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function print({ io }: CliParts, check: AuditCheck, head: ReadHead | null): void {
  const out = openOutput(io.stdout);
  for (const { number, detail } of check.findings) out.text(`event ${number}: ${detail}`);
  if (head !== null)
    out.text(`head ${head.head.number} of ${head.head.at}, signed with the key ${head.fingerprint}`);
  if (check.disposed.length > 0) out.text(`${check.disposed.length} payloads were disposed of in their time`);
  const { length } = check.findings;
  out.text(
    length === 0
      ? `${check.count} events, the last one ${check.head.number} ${check.head.hash.slice(0, 16)}…: whole`
      : `${check.count} events: ${length} ${length === 1 ? 'thing is' : 'things are'} wrong`,
  );
}
