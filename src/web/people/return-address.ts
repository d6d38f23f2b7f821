const nowhere = 'http://nowhere.invalid';

/**
 * Where to go after signing in: a path of this service, with its parameters. Everything else, such as another site or what a
 * browser could take for one, becomes the page `otherwise`.
 */
export function returnAddress(text: unknown, otherwise = '/me'): string {
  if (typeof text !== 'string' || !/^\/(?![/\\])/.test(text) || /[\p{Cc}\\]/u.test(text)) return otherwise;
  if (!URL.canParse(text, nowhere)) return otherwise;
  const { origin, pathname, search } = new URL(text, nowhere);
  // Not back to signing in or out, which would go round in a circle.
  if (origin !== nowhere || /^\/(\/|sign-)/.test(pathname)) return otherwise;
  return pathname + search;
}
