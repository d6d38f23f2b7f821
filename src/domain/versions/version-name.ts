/** As many characters of the hash of a version as people are shown: they tell it from every other, and the command line takes them. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** What a version is called where others are in play too. Many have the same label, so its fingerprint stands beside it. */
export function versionName({ label, hash }: { readonly label: string; readonly hash: string }): string {
  return `${label} (${shortHash(hash)})`;
}
