import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';

import { isEmailAddress } from '#domain/notices/address.ts';
import { describeConfigProblems, readConfig, settings } from './config.ts';

describe('readConfig', () => {
  it('needs nothing: every setting has a default', () => {
    const result = readConfig({});
    assert.ok(result.ok);
    assert.deepEqual(
      {
        ...result.config,
        policyDir: path.basename(result.config.policyDir),
        dataDir: path.basename(result.config.dataDir),
      },
      {
        port: 3000,
        host: '127.0.0.1',
        baseUrl: 'http://localhost:3000',
        policyDir: 'policy',
        dataDir: 'data',
        logLevel: 'info',
        hasGovUkBrand: false,
        trustsProxy: false,
        databaseUrl: null,
        oidcIssuer: null,
        oidcClientId: null,
        oidcClientSecret: null,
        oidcScope: 'openid profile email',
        oidcAudience: null,
        roleClaim: 'roles',
        roleMap: {},
        sessionIdleMinutes: 60,
        sessionHours: 12,
        auditPayloadDays: 730,
        receiptDays: 730,
        requestsPerMinute: 600,
        mailFrom: null,
        smtpUrl: null,
        notifyApiKey: null,
        notifyTemplate: null,
        notifyBaseUrl: 'https://api.notifications.service.gov.uk',
        noticeDomains: [],
        noticesPerPerson: 20,
        bankHolidays: null,
        isProduction: false,
      },
    );
  });

  it('reads what is given, and takes an empty setting for an absent one', () => {
    const result = readConfig({
      PORT: '8080',
      HOST: '',
      POLICY_DIR: '/srv/policy',
      LOG_LEVEL: 'WARN',
      TRUST_PROXY: 'True',
      SHELL: '/bin/sh',
    });
    assert.ok(result.ok);
    assert.equal(result.config.baseUrl, 'http://localhost:8080');
    assert.equal(result.config.host, '127.0.0.1');
    assert.equal(result.config.policyDir, path.resolve('/srv/policy'));
    assert.equal(result.config.logLevel, 'warn');
    assert.equal(result.config.trustsProxy, true);
  });

  it('lists every mistake at once, with what would be right', () => {
    const result = readConfig({
      PORT: '70000',
      BASE_URL: 'tools.example.org',
      LOG_LEVEL: 'loud',
      GOV_UK_BRAND: 'si',
    });
    assert.ok(!result.ok);
    assert.equal(
      describeConfigProblems(result.problems),
      [
        'PORT is `70000`. It must be a whole number from 0 to 65535.',
        'BASE_URL is `tools.example.org`. It must be an address with http or https and without a path, such as https://tools.example.org.',
        'LOG_LEVEL is `loud`. It must be one of fatal, error, warn, info, debug, trace, silent.',
        'GOV_UK_BRAND is `si`. It must be true or false.',
      ].join('\n'),
    );
  });

  for (const baseUrl of ['https://tools.example.org/path', 'ftp://example.org', 'https://a@b', 'https://']) {
    it(`refuses \`${baseUrl}\` as BASE_URL`, () => assert.equal(readConfig({ BASE_URL: baseUrl }).ok, false));
  }

  for (const port of ['-1', '3000.5', '0x10', '3e3', '1e99']) {
    it(`refuses \`${port}\` as PORT`, () => assert.equal(readConfig({ PORT: port }).ok, false));
  }

  it('reads proxies as a list, and the map of roles as pairs', () => {
    const result = readConfig({
      TRUST_PROXY: '10.0.0.0/8, 127.0.0.1',
      ROLE_MAP: 'A=administrator, B = policy-owner, A=privacy-reviewer',
    });
    assert.ok(result.ok);
    assert.deepEqual(result.config.trustsProxy, ['10.0.0.0/8', '127.0.0.1']);
    assert.deepEqual(result.config.roleMap, {
      A: ['administrator', 'privacy-reviewer'],
      B: ['policy-owner'],
    });
  });

  for (const [setting, value] of [
    ['TRUST_PROXY', 'the proxy'],
    ['TRUST_PROXY', '999.1.1.1'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/8/8'],
    ['TRUST_PROXY', ','],
    ['ROLE_MAP', 'administrator'],
    ['ROLE_MAP', 'A=administrator, B=boss'],
    ['ROLE_MAP', 'A=asker'],
    ['OIDC_ISSUER', 'http://['],
    ['OIDC_ISSUER', 'https://a:b:c'],
    ['OIDC_SCOPE', 'my-openid'],
    ['BASE_URL', 'http://:::'],
    ['MAIL_FROM', 'Tools\nBcc: everyone@example.org <tools@example.org>'],
    ['MAIL_FROM', 'Tools\u0007 <tools@example.org>'],
    ['MAIL_FROM', 'Tools\n<tools@example.org>'],
    ['MAIL_FROM', 'Too\u2028ls <tools@example.org>'],
    ['MAIL_FROM', '"Tools <tools@example.org>'],
    ['MAIL_FROM', 'tools@localhost'],
    ['MAIL_FROM', 'Tools <tools@192.0.2.1>'],
    ['MAIL_FROM', `${'T'.repeat(201)} <tools@example.org>`],
  ] as const)
    it(`refuses \`${value}\` as ${setting}, and says what would be right`, () => {
      const result = readConfig({ [setting]: value });
      assert.ok(!result.ok);
      assert.deepEqual(
        result.problems.map((problem) => [problem.setting, problem.value]),
        [[setting, value]],
      );
    });

  it('lists what is wrong together with what is wrong by itself, and nothing twice', () => {
    const named = (env: Record<string, string>): string[] => {
      const result = readConfig(env);
      return result.ok ? [] : result.problems.map(({ setting }) => setting);
    };
    assert.deepEqual(named({ PORT: 'abc', SESSION_HOURS: '99', NODE_ENV: 'production' }), [
      'PORT',
      'SESSION_HOURS',
      'OIDC_ISSUER',
    ]);
    assert.deepEqual(
      named({ LOG_LEVEL: 'loud', OIDC_ISSUER: 'http://login.example.org', NODE_ENV: 'production' }),
      ['LOG_LEVEL', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_ISSUER', 'BASE_URL'],
    );
    assert.deepEqual(named({ OIDC_ISSUER: 'login', HOST: '0.0.0.0' }), ['OIDC_ISSUER']);
    assert.deepEqual(named({ OIDC_CLIENT_ID: 'tools', OIDC_CLIENT_SECRET: 'hidden' }), ['OIDC_ISSUER']);
  });

  it('does not start where anybody could sign in as anybody, and never shows a secret', () => {
    const wrong = (env: Record<string, string>): string => {
      const result = readConfig(env);
      return result.ok ? '' : describeConfigProblems(result.problems);
    };
    const provider = {
      OIDC_ISSUER: 'https://login.example.org',
      OIDC_CLIENT_ID: 'tools',
      OIDC_CLIENT_SECRET: 'hidden',
    };
    assert.match(wrong({ NODE_ENV: 'production' }), /^OIDC_ISSUER .* in production/);
    assert.match(wrong({ HOST: '0.0.0.0' }), /^OIDC_ISSUER .*HOST \(0\.0\.0\.0\)/);
    assert.match(wrong({ OIDC_ISSUER: provider.OIDC_ISSUER }), /OIDC_CLIENT_ID[\s\S]*OIDC_CLIENT_SECRET/);
    assert.match(wrong({ ...provider, OIDC_ISSUER: 'http://login.example.org' }), /with https/);
    assert.match(wrong({ ...provider, NODE_ENV: 'production' }), /^BASE_URL/);
    assert.equal(wrong({ ...provider, NODE_ENV: 'production', BASE_URL: 'https://tools.example.org' }), '');
    assert.equal(wrong({ ...provider, HOST: '0.0.0.0' }), '');
    assert.match(wrong({ DATABASE_URL: 'mysql://me:hidden@host/x' }), /^DATABASE_URL is `\(not shown\)`/);
  });

  it('takes as MAIL_FROM an address, or a name and an address', () => {
    const taken = (text: string): unknown => {
      const result = readConfig({ MAIL_FROM: text });
      return result.ok ? result.config.mailFrom : null;
    };
    const address = 'tools@example.org';
    assert.deepEqual(taken(address), { name: '', address });
    assert.deepEqual(taken(`<${address}>`), { name: '', address });
    assert.deepEqual(taken(`Tools, Zoë <${address}>\n`), { name: 'Tools, Zoë', address });
    assert.deepEqual(taken(`"Tools" <${address}>`), { name: 'Tools', address });
  });

  for (const address of [
    'a@b',
    'a b@example.org',
    'a@example.org',
    'A_B-c@sub.example.co.uk',
    '"a"@example.org',
  ])
    it(`takes \`${address}\` as MAIL_FROM exactly where a notice may go there`, () =>
      assert.equal(readConfig({ MAIL_FROM: address }).ok, isEmailAddress(address)));

  it('shows in one line what is wrong, also where it holds lines', () => {
    const result = readConfig({ MAIL_FROM: 'Tools\nBcc: <tools@example.org>' });
    assert.ok(!result.ok);
    assert.match(
      describeConfigProblems(result.problems),
      /^MAIL_FROM is `Tools\\u000aBcc: <.*, in one line\.$/,
    );
  });

  it('does not take a session that may be idle for longer than it lasts, and lists that with everything else', () => {
    const result = readConfig({ SESSION_HOURS: '1', SESSION_IDLE_MINUTES: '61', PORT: 'x' });
    assert.ok(!result.ok);
    assert.equal(
      describeConfigProblems(result.problems),
      [
        'PORT is `x`. It must be a whole number from 0 to 65535.',
        'SESSION_IDLE_MINUTES is `61`. It must be at most 60, because a session ends after SESSION_HOURS (1) in any case.',
      ].join('\n'),
    );
    assert.ok(readConfig({ SESSION_HOURS: '1', SESSION_IDLE_MINUTES: '60' }).ok);
    const alone = readConfig({ SESSION_HOURS: '0', SESSION_IDLE_MINUTES: '1440' });
    assert.deepEqual(!alone.ok && alone.problems.map(({ setting }) => setting), ['SESSION_HOURS']);
  });

  it('takes away the final slash of BASE_URL', () => {
    const result = readConfig({ BASE_URL: 'https://tools.example.org/' });
    assert.ok(result.ok);
    assert.equal(result.config.baseUrl, 'https://tools.example.org');
  });

  it('has one setting for each value of the configuration', () => {
    const result = readConfig({});
    assert.ok(result.ok);
    assert.deepEqual(settings.map((setting) => setting.key).sort(), Object.keys(result.config).sort());
  });
});
