import { readFile } from 'node:fs/promises';
import { type Receipt, signedTextOf } from '#domain/receipts/receipt.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { versionName } from '#domain/versions/version-name.ts';
import { fingerprintOf, isSignedWith } from '#platform/signer.ts';
import { readArguments, unknownName } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './parts.ts';
import { complain, openOutput, writeJson } from './terminal.ts';

/** Looks at saved answers that were taken out as files. */
export const receipts: Command = {
  name: 'receipts',
  usage: ['receipts verify FILE [--key FILE] [--json]'],
  summary: 'Check that nothing in a saved answer was changed since it was signed',
  help: [
    'FILE is a saved answer that was taken out as a signed file. Nothing else is needed: no database and no network.',
    '`--key` is the public key of the service that must have signed it. Without it the key in the file is taken, and its fingerprint printed: compare it with one that you trust.',
  ],
  async run(args, { io }) {
    const { words, options, flags, problems } = readArguments(args, { flags: ['json'], options: ['key'] });
    const [name, file, ...rest] = words;
    const wrong = [
      ...problems,
      ...(name === 'verify'
        ? rest.map((word) => `\`receipts verify\` does not take \`${word}\``)
        : [
            name === undefined
              ? '`receipts` needs `verify`'
              : unknownName('command of `receipts`', name, ['verify']),
          ]),
      ...(name === 'verify' && file === undefined ? ['`receipts verify` needs the file'] : []),
    ];
    if (wrong.length > 0 || file === undefined) {
      complain(io.stderr, wrong);
      return exitCodes.usage;
    }
    const keyFile = options.get('key');
    const [text, key] = await Promise.all([readText(file), keyFile === undefined ? null : readText(keyFile)]);
    const unreadable = [
      ...('problem' in text ? [text.problem] : []),
      ...(key !== null && 'problem' in key ? [key.problem] : []),
    ];
    if ('problem' in text || (key !== null && 'problem' in key)) {
      complain(io.stderr, unreadable);
      return exitCodes.usage;
    }
    const read = receiptIn(text.text);
    if (read === null) {
      complain(io.stderr, [`\`${file}\` is not a saved answer that was taken out as a signed file`]);
      return exitCodes.fault;
    }
    const problem = problemOf(read, key === null ? null : key.text, { file, keyFile: keyFile ?? '' });
    const { receipt } = read;
    const fingerprint = fingerprintIn(read.key);
    if (flags.has('json')) {
      const { reference, personName, on, policyLabel, policyHash } = receipt;
      writeJson(io.stdout, {
        reference,
        personName,
        on,
        policyLabel,
        policyHash,
        isGenuine: problem === null,
        problem,
        fingerprint,
      });
    } else if (problem === null) {
      const out = openOutput(io.stdout);
      out.text(
        `${receipt.reference}: genuine. Given to ${receipt.personName} on ${dayInWords(receipt.on)}, under the guidance ${versionName({ label: receipt.policyLabel, hash: receipt.policyHash })}`,
      );
      out.text(
        keyFile === undefined
          ? `signed with the key in the file, ${fingerprint}. That it is the key of the service is not checked: compare it with the fingerprint on the page of a saved answer, or give --key.`
          : `signed with the key in \`${keyFile}\`, ${fingerprint}`,
      );
    } else complain(io.stderr, [problem]);
    return problem === null ? exitCodes.done : exitCodes.fault;
  },
};

type Signed = { readonly receipt: Receipt; readonly key: string };

function problemOf(
  { receipt, key }: Signed,
  trusted: string | null,
  { file, keyFile }: { readonly file: string; readonly keyFile: string },
): string | null {
  if (trusted !== null && trusted.trim() !== key.trim())
    return `\`${file}\` was signed with another key than \`${keyFile}\``;
  return isSignedWith(key, signedTextOf(receipt), receipt.signature)
    ? null
    : `the signature in \`${file}\` does not fit: the saved answer was changed`;
}

function fingerprintIn(key: string): string {
  try {
    return fingerprintOf(key);
  } catch {
    return '';
  }
}

async function readText(file: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    return { text: await readFile(file, 'utf8') };
  } catch (error) {
    return { problem: `\`${file}\` cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

const texts = [
  'reference',
  'personName',
  'on',
  'policyLabel',
  'policyHash',
  'signature',
  'core',
  'answer',
  'key',
] as const;

// Everything that the signature is over is compared byte for byte, so only what is printed or taken apart has to have its form.
function receiptIn(text: string): Signed | null {
  try {
    const read = JSON.parse(text) as Record<string, unknown> | null;
    if (typeof read !== 'object' || read === null) return null;
    if (!texts.every((name) => typeof read[name] === 'string')) return null;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(String(read.on))) return null;
    if (!Array.isArray(read.recorded) || !read.recorded.every((one) => one instanceof Object)) return null;
    if (typeof read.facts !== 'object' || read.facts === null) return null;
    const { key, ...receipt } = read;
    return { receipt: receipt as unknown as Receipt, key: String(key) };
  } catch {
    return null;
  }
}
