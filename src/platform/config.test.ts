import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';

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
