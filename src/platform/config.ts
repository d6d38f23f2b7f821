import net from 'node:net';
import path from 'node:path';
import { type Static, Type } from 'typebox';
import { IsEmail } from 'typebox/format';
import { Check } from 'typebox/value';

/** The roles that `ROLE_MAP` may name: those that a sign-in can bring (test/journeys/permissions.test.ts). */
export const rolesToMap = [
  'security-reviewer',
  'privacy-reviewer',
  'information-manager',
  'policy-owner',
  'administrator',
] as const;

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const Config = Type.Object({
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  host: Type.String({ minLength: 1 }),
  baseUrl: Type.String({ pattern: '^https?://[^/?#@\\s]+$' }),
  policyDir: Type.String({ minLength: 1 }),
  dataDir: Type.String({ minLength: 1 }),
  logLevel: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  hasGovUkBrand: Type.Boolean(),
  /** true: whoever is connected. A list: these addresses and networks, one behind the other. */
  trustsProxy: Type.Union([Type.Boolean(), Type.Array(Type.String(), { minItems: 1 })]),
  databaseUrl: Type.Union([Type.Null(), Type.String({ pattern: '^postgres(ql)?://\\S+$' })]),
  oidcIssuer: Type.Union([Type.Null(), Type.String({ pattern: '^https?://\\S+$' })]),
  oidcClientId: Type.Union([Type.Null(), Type.String({ minLength: 1 })]),
  oidcClientSecret: Type.Union([Type.Null(), Type.String({ minLength: 1 })]),
  oidcScope: Type.String({ pattern: '(^|\\s)openid(\\s|$)' }),
  oidcAudience: Type.Union([Type.Null(), Type.String({ minLength: 1 })]),
  roleClaim: Type.String({ minLength: 1 }),
  /** What stands in the claim, and the roles that it brings. */
  roleMap: Type.Record(Type.String(), Type.Array(Type.Enum([...rolesToMap]))),
  sessionIdleMinutes: Type.Integer({ minimum: 1, maximum: 1_440 }),
  sessionHours: Type.Integer({ minimum: 1, maximum: 24 }),
  auditPayloadDays: Type.Integer({ minimum: 1, maximum: 3_650 }),
  receiptDays: Type.Integer({ minimum: 1, maximum: 3_650 }),
  requestsPerMinute: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  mailFrom: Type.Union([
    Type.Null(),
    Type.Object({ name: Type.String({ maxLength: 200 }), address: Type.String({ minLength: 1 }) }),
  ]),
  smtpUrl: Type.Union([Type.Null(), Type.String({ pattern: '^smtps?://[^\\s/?#]+/?$' })]),
  notifyApiKey: Type.Union([Type.Null(), Type.String({ pattern: `-${uuid}-${uuid}$` })]),
  notifyTemplate: Type.Union([Type.Null(), Type.String({ pattern: `^${uuid}$` })]),
  notifyBaseUrl: Type.String({ pattern: '^https?://[^/?#@\\s]+$' }),
  noticeDomains: Type.Array(Type.String({ pattern: '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z0-9-]+$' })),
  noticesPerPerson: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  bankHolidays: Type.Union([Type.Null(), Type.String({ minLength: 1 })]),
  isProduction: Type.Boolean(),
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
  /** Its value is never shown, not even where it is wrong. */
  readonly isSecret?: boolean;
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
    parse: (text) => parseAddress(text.replace(/\/$/, '')),
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
    means:
      'true takes the address of the caller from the last entry of X-Forwarded-For. Only behind a proxy that writes it. Behind several: their addresses or networks, with commas between them.',
    right: 'true, false, or addresses and networks such as 10.0.0.0/8 with commas between them',
    parse: (text) => (/^(true|false)$/i.test(text) ? parseBoolean(text) : parseNetworks(text)),
  },
  {
    name: 'DATABASE_URL',
    key: 'databaseUrl',
    defaultText: '',
    means:
      'A PostgreSQL server, for several servers of this service. Without it there is one SQLite file in DATA_DIR.',
    right: 'an address such as postgresql://name:password@host:5432/database',
    parse: (text) => text,
    isSecret: true,
  },
  {
    name: 'OIDC_ISSUER',
    key: 'oidcIssuer',
    defaultText: '',
    means:
      'The OpenID provider that people sign in with, such as Microsoft Entra ID. Without it there is only the trial sign-in.',
    right: 'the address of an OpenID provider, with https (http only on this machine)',
    parse: parseAddress,
  },
  {
    name: 'OIDC_CLIENT_ID',
    key: 'oidcClientId',
    defaultText: '',
    means: 'How the provider knows this service.',
    right: 'the client id that the provider gave',
    parse: (text) => text,
  },
  {
    name: 'OIDC_CLIENT_SECRET',
    key: 'oidcClientSecret',
    defaultText: '',
    means: 'What proves to the provider that it is this service.',
    right: 'the client secret that the provider gave',
    parse: (text) => text,
    isSecret: true,
  },
  {
    name: 'OIDC_SCOPE',
    key: 'oidcScope',
    defaultText: 'openid profile email',
    means: 'What the provider is asked to tell.',
    right: 'scopes with spaces between them, `openid` among them',
    parse: (text) => text,
  },
  {
    name: 'OIDC_AUDIENCE',
    key: 'oidcAudience',
    defaultText: '',
    means:
      'What the provider’s access tokens for machines are made out to. Without it machines use access tokens that a person made.',
    right: 'the audience, as it stands in the tokens',
    parse: (text) => text,
  },
  {
    name: 'ROLE_CLAIM',
    key: 'roleClaim',
    defaultText: 'roles',
    means: 'The claim of the provider that holds the roles or groups of a person.',
    right: 'the name of a claim',
    parse: (text) => text,
  },
  {
    name: 'ROLE_MAP',
    key: 'roleMap',
    defaultText: '',
    means:
      'What stands in that claim and the role it brings, such as `ToolReviewers=security-reviewer, Guidance=policy-owner`. A name may stand there several times. Without it the claim holds the names of roles.',
    right: `pairs NAME=ROLE with commas between them, where ROLE is one of ${rolesToMap.join(', ')}`,
    parse: parsePairs,
  },
  {
    name: 'SESSION_IDLE_MINUTES',
    key: 'sessionIdleMinutes',
    defaultText: '60',
    means: 'After how many minutes without use somebody has to sign in again.',
    right: 'a whole number from 1 to 1440, and no more minutes than SESSION_HOURS has',
    parse: parseWholeNumber,
  },
  {
    name: 'SESSION_HOURS',
    key: 'sessionHours',
    defaultText: '12',
    means: 'After how many hours somebody has to sign in again in any case.',
    right: 'a whole number from 1 to 24',
    parse: parseWholeNumber,
  },
  {
    name: 'AUDIT_PAYLOAD_DAYS',
    key: 'auditPayloadDays',
    defaultText: '730',
    means:
      'For how many days the personal data beside an event of the audit trail is kept. The event itself stays.',
    right: 'a whole number from 1 to 3650',
    parse: parseWholeNumber,
  },
  {
    name: 'RECEIPT_DAYS',
    key: 'receiptDays',
    defaultText: '730',
    means: 'For how many days a saved answer is kept.',
    right: 'a whole number from 1 to 3650',
    parse: parseWholeNumber,
  },
  {
    name: 'REQUESTS_PER_MINUTE',
    key: 'requestsPerMinute',
    defaultText: '600',
    means:
      'How many requests one address may make in a minute, and one person too. A tenth of it may change something. 0: any number.',
    right: 'a whole number from 0 to 1000000',
    parse: parseWholeNumber,
  },
  {
    name: 'MAIL_FROM',
    key: 'mailFrom',
    defaultText: '',
    means:
      'Who notices are from. Needed with SMTP_URL; GOV.UK Notify has its own. Letters in the outbox are from nobody without it.',
    right:
      'an email address, or a name of at most 200 characters and an address such as Tools <no-reply@tools.example.org>, in one line',
    parse: parseSender,
  },
  {
    name: 'SMTP_URL',
    key: 'smtpUrl',
    defaultText: '',
    means:
      'The mail server that notices are sent through, encrypted. Without it and NOTIFY_API_KEY they go to the folder outbox in DATA_DIR, which administrators read at /notices.',
    right:
      'an address such as smtp://name:password@mail.example.org:587, or with smtps; signs such as / or @ in the password as %2F, %40',
    parse: (text) => (URL.canParse(text) ? text : { text }),
    isSecret: true,
  },
  {
    name: 'NOTIFY_API_KEY',
    key: 'notifyApiKey',
    defaultText: '',
    means: 'The key of a service at GOV.UK Notify: notices are sent through it.',
    right: 'an API key as GOV.UK Notify shows it, which ends in two ids',
    parse: (text) => text,
    isSecret: true,
  },
  {
    name: 'NOTIFY_TEMPLATE',
    key: 'notifyTemplate',
    defaultText: '',
    means:
      'The email template at GOV.UK Notify that notices are sent with. Its subject is ((subject)) and its message ((body)).',
    right: 'the id of a template',
    parse: (text) => text.toLowerCase(),
  },
  {
    name: 'NOTIFY_BASE_URL',
    key: 'notifyBaseUrl',
    defaultText: 'https://api.notifications.service.gov.uk',
    means: 'Where GOV.UK Notify is. Only tests set it.',
    right: 'an address with https and without a path (http only on this machine)',
    parse: (text) => text.replace(/\/$/, ''),
  },
  {
    name: 'NOTICE_DOMAINS',
    key: 'noticeDomains',
    defaultText: '',
    means:
      'The domains that an address may be at which somebody types in to have a notice sent to it, such as that of a line manager. Those below them count too. Without it: any.',
    right: 'domains such as justice.gov.uk with commas between them',
    parse: (text) => parseList(text.toLowerCase()).map((domain) => domain.replace(/^@/, '')),
  },
  {
    name: 'NOTICES_PER_PERSON',
    key: 'noticesPerPerson',
    defaultText: '20',
    means:
      'How many notices somebody may cause in a day: to people whose address they type in, and tests to themselves. 0: any number.',
    right: 'a whole number from 0 to 1000000',
    parse: parseWholeNumber,
  },
  {
    name: 'BANK_HOLIDAYS',
    key: 'bankHolidays',
    defaultText: '',
    means:
      'A file with the bank holidays of England and Wales, in the format of https://www.gov.uk/bank-holidays.json. Without it: the list that ships.',
    right: 'the path of a file',
    parse: (text) => path.resolve(text),
  },
  {
    name: 'NODE_ENV',
    key: 'isProduction',
    defaultText: 'development',
    means: '`production` refuses to start without an OpenID provider.',
    right: 'production or development',
    parse: (text) =>
      text.toLowerCase() === 'production' || (/^(development|test)$/i.test(text) ? false : text),
  },
];

/**
 * Reads all settings from `env` (main.ts passes `process.env`) and reports every one that cannot be used,
 * not only the first. A setting that is absent or empty has its default.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const values: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  const wrong = new Set<keyof Config>();
  for (const setting of settings) {
    const given = env[setting.name]?.trim() ?? '';
    const value = given === '' ? defaultOf(setting, values) : setting.parse(given);
    const isRight = Check(Config.properties[setting.key], value);
    // What is wrong stands for its default from here on, so that the others are still looked at.
    values[setting.key] = isRight ? value : defaultOf(setting, values);
    if (isRight) continue;
    wrong.add(setting.key);
    problems.push({
      setting: setting.name,
      value: setting.isSecret ? '(not shown)' : given,
      right: setting.right,
    });
  }
  if (!Check(Config, values)) throw new Error('a setting has no place in the schema of the configuration');
  for (const { between, ...problem } of findContradictions(values))
    if (!between.some((key) => wrong.has(key))) problems.push(problem);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: values };
}

/** Whether people sign in with a provider; otherwise there is the trial sign-in, for whoever sits at this machine. */
export function hasProvider({ oidcIssuer }: Pick<Config, 'oidcIssuer'>): boolean {
  return oidcIssuer !== null;
}

type Contradiction = ConfigProblem & { readonly between: readonly (keyof Config)[] };

// Settings that are right each for itself and wrong together.
function findContradictions(config: Config): Contradiction[] {
  return [
    ...(hasProvider(config) ? contradictionsWithProvider(config) : contradictionsWithoutProvider(config)),
    ...contradictionsOfSessions(config),
    ...contradictionsOfNotices(config),
  ];
}

function contradictionsOfSessions({ sessionIdleMinutes, sessionHours }: Config): Contradiction[] {
  const most = sessionHours * 60;
  if (sessionIdleMinutes <= most) return [];
  return [
    {
      setting: 'SESSION_IDLE_MINUTES',
      value: String(sessionIdleMinutes),
      right: `at most ${most}, because a session ends after SESSION_HOURS (${sessionHours}) in any case`,
      between: ['sessionIdleMinutes', 'sessionHours'],
    },
  ];
}

function contradictionsOfNotices(config: Config): Contradiction[] {
  const { smtpUrl, notifyApiKey, notifyTemplate, notifyBaseUrl, mailFrom } = config;
  const found: Contradiction[] = [];
  if (smtpUrl !== null && notifyApiKey !== null)
    found.push({
      setting: 'SMTP_URL',
      value: '(not shown)',
      right: 'left out where NOTIFY_API_KEY is set: notices go one way',
      between: ['smtpUrl', 'notifyApiKey'],
    });
  if (smtpUrl !== null && mailFrom === null)
    found.push({
      setting: 'MAIL_FROM',
      value: '',
      right: 'given together with SMTP_URL',
      between: ['smtpUrl', 'mailFrom'],
    });
  if (notifyApiKey !== null && notifyTemplate === null)
    found.push({
      setting: 'NOTIFY_TEMPLATE',
      value: '',
      right: 'given together with NOTIFY_API_KEY',
      between: ['notifyApiKey', 'notifyTemplate'],
    });
  if (notifyApiKey === null && notifyTemplate !== null)
    found.push({
      setting: 'NOTIFY_API_KEY',
      value: '',
      right: 'given together with NOTIFY_TEMPLATE',
      between: ['notifyApiKey', 'notifyTemplate'],
    });
  if (notifyBaseUrl.startsWith('http:') && !isLoopback(new URL(notifyBaseUrl).hostname))
    found.push({
      setting: 'NOTIFY_BASE_URL',
      value: notifyBaseUrl,
      right: 'an address with https, or one on this machine',
      between: ['notifyBaseUrl'],
    });
  return found;
}

function contradictionsWithProvider(config: Config): Contradiction[] {
  const { oidcIssuer, baseUrl } = config;
  const found: Contradiction[] = [];
  for (const [key, setting] of [
    ['oidcClientId', 'OIDC_CLIENT_ID'],
    ['oidcClientSecret', 'OIDC_CLIENT_SECRET'],
  ] as const) {
    const right = 'given together with OIDC_ISSUER';
    if (config[key] === null) found.push({ setting, value: '', right, between: ['oidcIssuer', key] });
  }
  if (oidcIssuer?.startsWith('http:') && !isLoopback(new URL(oidcIssuer).hostname))
    found.push({
      setting: 'OIDC_ISSUER',
      value: oidcIssuer,
      right: 'an address with https, or one on this machine',
      between: ['oidcIssuer'],
    });
  if (config.isProduction && !baseUrl.startsWith('https:'))
    found.push({
      setting: 'BASE_URL',
      value: baseUrl,
      right: 'the address with https that people use, because NODE_ENV is production',
      between: ['baseUrl', 'isProduction'],
    });
  return found;
}

function contradictionsWithoutProvider(config: Config): Contradiction[] {
  const missing = (right: string, ...between: readonly (keyof Config)[]): Contradiction[] => [
    { setting: 'OIDC_ISSUER', value: '', right, between: ['oidcIssuer', ...between] },
  ];
  const why = 'without it anybody could sign in as anybody';
  if (config.isProduction) return missing(`set in production: ${why}`, 'isProduction');
  if (!isLoopback(config.host))
    return missing(`set where others can reach HOST (${config.host}): ${why}`, 'host');
  const isHalf = [config.oidcClientId, config.oidcClientSecret, config.oidcAudience].some(
    (value) => value !== null,
  );
  return isHalf ? missing('given together with OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_AUDIENCE') : [];
}

/** Whether a `Host` header, with or without a port, names this machine. */
export function isLoopbackHost(header: string | undefined): boolean {
  return isLoopback(header?.replace(/:\d*$/, '').toLowerCase() ?? '');
}

/** Whether a host name or address is this machine and can be reached from nowhere else. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The problems as lines for stderr: what is wrong with which setting, and what would be right. */
export function describeConfigProblems(problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ setting, value, right }) => `${setting} is \`${inOneLine(value)}\`. It must be ${right}.`)
    .join('\n');
}

// What nobody sees is often what is wrong.
function inOneLine(value: string): string {
  return value.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function defaultOf(setting: Setting, earlier: Readonly<Record<string, unknown>>): unknown {
  switch (setting.key) {
    case 'baseUrl':
      return `http://localhost:${earlier.port}`;
    case 'policyDir':
    case 'dataDir':
      return path.join(projectRoot, setting.defaultText);
    case 'databaseUrl':
    case 'oidcIssuer':
    case 'oidcClientId':
    case 'oidcClientSecret':
    case 'oidcAudience':
    case 'mailFrom':
    case 'smtpUrl':
    case 'notifyApiKey':
    case 'notifyTemplate':
    case 'bankHolidays':
      return null;
    case 'roleMap':
      return {};
    default:
      return setting.parse(setting.defaultText);
  }
}

function parseList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

// An address may look right and be none, such as http://a:b:c.
function parseAddress(text: string): unknown {
  return URL.canParse(text) ? text : undefined;
}

// Addresses, and networks with the number of bits that their addresses have in common.
function parseNetworks(text: string): unknown {
  const networks = parseList(text);
  const areRight = networks.every((network) => {
    const [address = '', bits, ...more] = network.split('/');
    const most = net.isIP(address) === 4 ? 32 : 128;
    const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    return net.isIP(address) !== 0 && isRange && more.length === 0;
  });
  return areRight ? networks : text;
}

// An address, or a name and an address in angle brackets, in one line: they become a header of every letter.
function parseSender(text: string): unknown {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return text;
  const [, quoted, plain = '', inBrackets, alone] =
    /^(?:(?:"([^"<>]*)"|([^"<>]*?))\s*<([^<>\s]+)>|([^<>\s]+))$/.exec(text) ?? [];
  const name = (quoted ?? plain).trim();
  const address = inBrackets ?? alone ?? '';
  return isMailAddress(address) ? { name, address } : text;
}

// As an address that notices go to (src/domain/notices/address.ts), which platform does not know: src/platform/config.test.ts compares.
function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 && IsEmail(text) && /^[^"@[\]]{1,64}@[^"@[\]]+\.[^"@[\].]*[a-z][^"@[\].]*$/i.test(text)
  );
}

function parsePairs(text: string): unknown {
  const pairs = parseList(text).map((pair) => pair.split('=').map((part) => part.trim()));
  if (!pairs.every(({ length }) => length === 2)) return text;
  const roles = new Map<string, string[]>();
  for (const [name = '', role = ''] of pairs) roles.set(name, [...(roles.get(name) ?? []), role]);
  return Object.fromEntries(roles);
}

function parseWholeNumber(text: string): unknown {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function parseBoolean(text: string): unknown {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? lower === 'true' : text;
}
