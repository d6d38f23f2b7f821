/**
 * Whether an `Accept` header takes a media type (RFC 9110, 12.5.1). The most exact range decides, and `q=0` refuses. A
 * header that is absent takes everything.
 */
export function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  const [type = ''] = mediaType.split('/');
  const ranges = header.toLowerCase().split(',').map(readRange);
  for (const wanted of [mediaType, `${type}/*`, '*/*']) {
    const found = ranges.find(({ range }) => range === wanted);
    if (found !== undefined) return found.quality > 0;
  }
  return false;
}

function readRange(text: string): { readonly range: string; readonly quality: number } {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { range, quality: quality === undefined ? 1 : Number(quality) };
}
