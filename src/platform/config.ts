import path from 'node:path';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';

const Config = Type.Object({
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  host: Type.String({ minLength: 1 }),
  baseUrl: Type.String({ pattern: '^https?://[^/?#@\\s]+$' }),
  policyDir: Type.String({ minLength: 1 }),
  dataDir: Type.String({ minLength: 1 }),
  logLevel: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  hasGovUkBrand: Type.Boolean(),
  trustsProxy: Type.Boolean(),
});

/** Everything that can be set from outside, checked. Folders are absolute; `baseUrl` has no final slash. */
export type Config = Readonly<Static<typeof Config>>;

/** One setting: its name in the environment, what it is for, and what may stand in it. */
export type Setting = {
  readonly name: string;
  readonly key: keyof Config;
  /** As it would be written in the environment. */
  readonly defaultText: string;
  readonly means: string;
  /** Completes "`NAME` must be …". */
  readonly right: string;
  readonly parse: (text: string) => unknown;
};

/** A setting that cannot be used. `value` is what was given. */
export type ConfigProblem = { readonly setting: string; readonly value: string; readonly right: string };

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

// A default folder is found wherever the command is run; a folder that is given counts from there.
const projectRoot = path.resolve(import.meta.dirname, '..', '..');

/** All settings, in the order of docs/reference/settings.md. */
export const settings: readonly Setting[] = [
  {
    name: 'PORT',
    key: 'port',
    defaultText: '3000',
    means: 'The port that the service listens on. 0 takes any free one.',
    right: 'a whole number from 0 to 65535',
    parse: parseWholeNumber,
  },
  {
    name: 'HOST',
    key: 'host',
    defaultText: '127.0.0.1',
    means: 'The network address that the service listens on. In a container: 0.0.0.0.',
    right: 'an IP address or a host name',
    parse: (text) => text,
  },
  {
    name: 'BASE_URL',
    key: 'baseUrl',
    defaultText: 'http://localhost:PORT',
    means:
      'Where people reach the service. With https, browsers are told to use nothing else (Strict-Transport-Security).',
    right: 'an address with http or https and without a path, such as https://tools.example.org',
    parse: (text) => text.replace(/\/$/, ''),
  },
  {
    name: 'POLICY_DIR',
    key: 'policyDir',
    defaultText: 'policy',
    means: 'The folder with the guidance pack. The default is the one in the project.',
    right: 'the path of a folder',
    parse: (text) => path.resolve(text),
  },
  {
    name: 'DATA_DIR',
    key: 'dataDir',
    defaultText: 'data',
    means: 'The folder that holds what the service remembers. The default is the one in the project.',
    right: 'the path of a folder',
    parse: (text) => path.resolve(text),
  },
  {
    name: 'LOG_LEVEL',
    key: 'logLevel',
    defaultText: 'info',
    means: 'The least serious message that is logged.',
    right: 'one of fatal, error, warn, info, debug, trace, silent',
    parse: (text) => text.toLowerCase(),
  },
  {
    name: 'GOV_UK_BRAND',
    key: 'hasGovUkBrand',
    defaultText: 'false',
    means: 'true shows the GOV.UK header and typeface. Only for those who are entitled to use them.',
    right: 'true or false',
    parse: parseBoolean,
  },
  {
    name: 'TRUST_PROXY',
    key: 'trustsProxy',
    defaultText: 'false',
    means: 'true takes the address of the caller from X-Forwarded-For. Only behind a proxy that sets it.',
    right: 'true or false',
    parse: parseBoolean,
  },
];

/**
 * Reads all settings from `env` (main.ts passes `process.env`) and reports every one that cannot be used,
 * not only the first. A setting that is absent or empty has its default.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const values: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  for (const setting of settings) {
    const given = env[setting.name]?.trim() ?? '';
    const value = given === '' ? defaultOf(setting, values) : setting.parse(given);
    values[setting.key] = value;
    if (!Check(Config.properties[setting.key], value)) {
      problems.push({ setting: setting.name, value: given, right: setting.right });
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  if (!Check(Config, values)) throw new Error('a setting has no place in the schema of the configuration');
  return { ok: true, config: values };
}

/** The problems as lines for stderr: what is wrong with which setting, and what would be right. */
export function describeConfigProblems(problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ setting, value, right }) => `${setting} is \`${value}\`. It must be ${right}.`)
    .join('\n');
}

function defaultOf(setting: Setting, earlier: Readonly<Record<string, unknown>>): unknown {
  switch (setting.key) {
    case 'baseUrl':
      return `http://localhost:${earlier.port}`;
    case 'policyDir':
    case 'dataDir':
      return path.join(projectRoot, setting.defaultText);
    default:
      return setting.parse(setting.defaultText);
  }
}

function parseWholeNumber(text: string): unknown {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function parseBoolean(text: string): unknown {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? lower === 'true' : text;
}
