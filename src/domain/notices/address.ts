import { IsEmail } from 'typebox/format';

/** The longest address that mail can be sent to (RFC 5321, erratum 1690). */
export const longestAddress = 254;

/**
 * Whether mail can be sent to an address: one that RFC 5322 allows, in its ordinary form. What is allowed and nobody has (quotes, an
 * IP address, a name without a dot) is refused, so that no address can be read in two ways.
 */
export function isEmailAddress(text: string): boolean {
  return (
    text.length <= longestAddress &&
    IsEmail(text) &&
    /^[^"@[\]]{1,64}@[^"@[\]]+\.[^"@[\].]*[a-z][^"@[\].]*$/i.test(text)
  );
}

/**
 * What is wrong with an address that somebody gives to have a notice sent to it; null where nothing is. `domains` are those of the
 * setting NOTICE_DOMAINS: an address at one of them, or below it, may be written to; none: any.
 */
export function addressProblem(address: string, domains: readonly string[]): string | null {
  if (address === '') return 'Enter an email address';
  if (!isEmailAddress(address))
    return 'Enter an email address in the correct format, like name@example.gov.uk';
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const mayBe = domains.length === 0 || domains.some((one) => domain === one || domain.endsWith(`.${one}`));
  return mayBe ? null : `Enter an email address that ends in ${inWords(domains)}`;
}

function inWords(domains: readonly string[]): string {
  const listed = domains.map((domain) => `@${domain}`);
  return listed.length === 1 ? `${listed[0]}` : `${listed.slice(0, -1).join(', ')} or ${listed.at(-1)}`;
}
