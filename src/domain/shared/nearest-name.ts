import { distance } from 'fastest-levenshtein';

/**
 * The known name that somebody most likely meant by `name`, or undefined where none is near: at most a third of its
 * letters wrong, and never more than three. Case and punctuation do not count.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = plain(name.slice(0, 60));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const steps = distance(wanted, plain(candidate));
    if (best === undefined || steps < best.distance) best = { name: candidate, distance: steps };
  }
  if (best === undefined || best.distance > Math.min(3, Math.ceil(wanted.length / 3))) return undefined;
  return best.name;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
