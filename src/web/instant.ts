const words = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  hour12: true,
});

/** An instant as GOV.UK writes it, in London: `22 November 2026 at 2:05pm`. */
export function instantInWords(instant: string): string {
  const parts = new Map(words.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return `${part('day')} ${part('month')} ${part('year')} at ${part('hour')}:${part('minute')}${part(
    'dayPeriod',
  )
    .toLowerCase()
    .replaceAll(/[^amp]/g, '')}`;
}
