/** A source file as the check sees it. The path is from the root of the project, with `/`. */
export type SourceFile = { readonly path: string; readonly text: string };

/** Packages that domain may import. They are pure: no file, no network, no clock. */
export const packagesForDomain: readonly string[] = ['typebox', 'fastest-levenshtein'];

const surfaces = ['web', 'api', 'cli', 'jobs'];

// Which rings a ring may import values from, and of which it may know the types.
const table: Readonly<
  Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>
> = {
  domain: { values: ['domain'], types: [] },
  usecases: { values: ['usecases', 'domain'], types: ['store', 'platform'] },
  store: { values: ['store', 'domain', 'platform'], types: [] },
  platform: { values: ['platform'], types: [] },
  ...Object.fromEntries(
    surfaces.map((ring) => [ring, { values: [ring, 'usecases', 'domain', 'platform'], types: [] }]),
  ),
};

// Inside domain: what a folder may import values from. The others may import from each other.
const foldersOfDomain: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  policy: ['policy', 'shared'],
  catalogue: ['catalogue', 'policy', 'shared'],
};

/** Everything in these files that the table of imports in ARCHITECTURE.md forbids, as `file:line: what`. */
export function checkRings(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    [...checkImports(file), ...checkWords(file)].map(({ line, what }) => `${file.path}:${line}: ${what}`),
  );
}

type Finding = { readonly line: number; readonly what: string };
type Import = { readonly line: number; readonly target: string; readonly clause: string };

function checkImports({ path, text }: SourceFile): Finding[] {
  return findImports(text).flatMap((found) => {
    const whats = [
      checkForm(found),
      isRelative(found.target) && ringOf(path) !== ringOf(resolve(path, found.target))
        ? `\`${found.target}\` leaves its folder: use an alias such as \`#domain/…\``
        : undefined,
      checkTarget(path, found),
      checkFolderOfDomain(path, found),
    ];
    return whats.filter((what) => what !== undefined).map((what) => ({ line: found.line, what }));
  });
}

// With this form Node still loads the file, although only its types are wanted.
function checkForm({ clause, target }: Import): string | undefined {
  const names = clause
    .match(/^\{(.*)\}$/s)?.[1]
    ?.split(',')
    .map((name) => name.trim());
  const onlyTypes =
    names?.every((name) => name === '' || name.startsWith('type ')) === true && clause.includes('type ');
  return onlyTypes
    ? `write \`import type { … } from '${target}'\`: \`import { type … }\` loads the file`
    : undefined;
}

function checkTarget(path: string, { target, clause }: Import): string | undefined {
  const from = ringOf(path);
  const allowed = table[from];
  if (allowed === undefined) return undefined;
  const to = targetRing(path, target);
  if (to === undefined) return from === 'domain' ? checkPackageForDomain(target) : undefined;
  if (allowed.values.includes(to)) return undefined;
  if (!allowed.types.includes(to)) return `${from} must not import ${to} (\`${target}\`)`;
  return clause.startsWith('type ') ? undefined : `${from} may import only types from ${to} (\`${target}\`)`;
}

function checkFolderOfDomain(path: string, { target, clause }: Import): string | undefined {
  const from = folderOfDomain(path);
  const to = folderOfDomain(target.startsWith('#') ? target.replace('#', 'src/') : resolve(path, target));
  if (from === undefined || to === undefined || clause.startsWith('type ')) return undefined;
  return foldersOfDomain[from]?.includes(to) === false
    ? `domain/${from} may import only types from domain/${to} (\`${target}\`)`
    : undefined;
}

function folderOfDomain(path: string): string | undefined {
  return /^src\/domain\/([^/]+)\//.exec(path)?.[1];
}

function checkPackageForDomain(target: string): string | undefined {
  const name = target.split('/', target.startsWith('@') ? 2 : 1).join('/');
  return packagesForDomain.includes(name) ? undefined : `domain must not import \`${target}\``;
}

const forbiddenWords: readonly {
  readonly word: RegExp;
  readonly what: string;
  readonly allowedIn: RegExp;
}[] = [
  { word: /\bprocess\.env\b/, what: 'only main.ts touches process.env', allowedIn: /^src\/main\.ts$/ },
  {
    word: /\bDate\.now\(|\bnew Date\(\)/,
    what: 'the time comes from platform/clock.ts',
    allowedIn: /^src\/(main|platform\/clock)\.ts$/,
  },
  {
    word: /\bMath\.random\b|\bcrypto\b|\bperformance\.now\b|\bprocess\.|\bfetch\(/,
    what: 'domain has no chance, no clock and no input or output',
    allowedIn: /^src\/(?!domain\/)/,
  },
];

function checkWords({ path, text }: SourceFile): Finding[] {
  return withoutComments(text)
    .split('\n')
    .flatMap((code, index) =>
      forbiddenWords
        .filter(({ word, allowedIn }) => path.startsWith('src/') && word.test(code) && !allowedIn.test(path))
        .map(({ what }) => ({ line: index + 1, what })),
    );
}

function findImports(text: string): Import[] {
  const code = withoutComments(text);
  const patterns = [
    /^\s*(?:import|export)\s+([\w*{][^'";]*?)\s+from\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*()['"]([^'"]+)['"]/gm,
    /\bimport\(\s*()['"]([^'"]+)['"]/g,
  ];
  return patterns.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => ({
      line: code.slice(0, match.index + match[0].length).split('\n').length,
      clause: match[1] ?? '',
      target: match[2] ?? '',
    })),
  );
}

// Keeps the line breaks, so that line numbers stay right. A `//` in an address is not a comment.
function withoutComments(text: string): string {
  return text
    .replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|[\s;{}(),])\/\/.*$/gm, '$1');
}

function targetRing(path: string, target: string): string | undefined {
  if (target.startsWith('#')) return target.slice(1).split('/')[0];
  return isRelative(target) ? ringOf(resolve(path, target)) : undefined;
}

/** `domain` for src/domain/…, `main` for what stands directly in src, and the folder itself outside src. */
function ringOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (first !== 'src') return first;
  return second.endsWith('.ts') ? 'main' : second;
}

function isRelative(target: string): boolean {
  return target.startsWith('.');
}

function resolve(path: string, target: string): string {
  return new URL(target, `file:///${path}`).pathname.slice(1);
}
