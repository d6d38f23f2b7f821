/** The host in a pasted address or a bare domain; undefined where the text is neither. */
export function hostOf(text: string): string | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/\s/.test(trimmed) || !trimmed.includes('.') || /^[^/]*@/.test(trimmed)) return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(address)) return undefined;
  const host = new URL(address).hostname.replace(/\.$/, '');
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) ? host : undefined;
}
