type Version = { readonly label: string; readonly hash: string };

/** As many digits of the hash of a version as people are shown, and as the command line takes: of all versions that are kept hardly two have the same. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** What a version is called where others are in play too. Many have the same label, so its fingerprint stands beside it. */
export function versionName({ label, hash }: Version): string {
  return `${label} (${shortHash(hash)})`;
}

/** The same in a sentence. */
export function quotedVersionName({ label, hash }: Version): string {
  return `“${label}” (${shortHash(hash)})`;
}

const longestTag = 60;

function tagDigits(hash: string): string {
  return hash.slice(0, 6);
}

/** What stands in the address of an answer for the version that gave it: the label and the first six digits of the hash. */
export function versionTag({ label, hash }: Version): string {
  return `${label}.${tagDigits(hash)}`;
}

/**
 * Whether the guidance is another one than when an address was made: null where it is the same, or what to call the two. An address with
 * a label alone, as they were made once, is taken for a version with that label.
 */
export function changeSince(
  tag: string,
  now: Version,
): { readonly before: string; readonly now: string } | null {
  if (tag === '' || tag === now.label || tag === versionTag(now)) return null;
  const [, label, digits] = /^(.+)\.([0-9a-f]{6})$/.exec(tag) ?? [];
  // It may be anything that somebody put into an address.
  if (tag.length > longestTag || /[^\P{C}]/u.test(tag)) return { before: 'another version', now: now.label };
  if (label !== now.label) return { before: label ?? tag, now: now.label };
  return { before: `${label} (${digits})`, now: `${now.label} (${tagDigits(now.hash)})` };
}
