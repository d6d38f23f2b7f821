import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressProblem, isEmailAddress } from './address.ts';

describe('an email address', () => {
  const right = [
    'lee.manager@justice.gov.uk',
    "o'neil+notes@example.org",
    'A_B-c@sub.example.co.uk',
    'a@xn--bcher-kva.example',
  ];
  const wrong = [
    '',
    'lee',
    '@example.org',
    'lee@',
    'lee@localhost',
    'lee@example..org',
    'lee@-example.org',
    'lee@[192.0.2.1]',
    'lee@192.0.2.1',
    '"lee manager"@example.org',
    'lee manager@example.org',
    'lee@example.org, sam@example.org',
    'Lee <lee@example.org>',
    'lee@example.org\r\nBcc: everyone@example.org',
    'lee@example.org\n',
    'lee\u0000@example.org',
    'lée@example.org',
    `${'l'.repeat(65)}@example.org`,
    `lee@${'e'.repeat(60)}.${'e'.repeat(60)}.${'e'.repeat(60)}.${'e'.repeat(60)}.example.org`,
  ];
  for (const text of right) it(`is ${text}`, () => assert.equal(isEmailAddress(text), true));
  for (const text of wrong)
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(isEmailAddress(text), false));
});

describe('an address that somebody gives', () => {
  it('may be any where no domain is set', () => assert.equal(addressProblem('lee@example.org', []), null));

  it('must be at one of the domains that are set, or below it', () => {
    const domains = ['justice.gov.uk', 'example.org'];
    for (const address of ['lee@justice.gov.uk', 'lee@digital.Justice.GOV.uk', 'lee@example.org'])
      assert.equal(addressProblem(address, domains), null, address);
    for (const address of ['lee@gov.uk', 'lee@notjustice.gov.uk', 'lee@example.org.evil.test'])
      assert.equal(
        addressProblem(address, domains),
        'Enter an email address that ends in @justice.gov.uk or @example.org',
        address,
      );
  });

  it('is told apart where there is none, and where it is none', () => {
    assert.equal(addressProblem('', ['example.org']), 'Enter an email address');
    assert.match(addressProblem('lee', []) ?? '', /correct format/);
  });
});
