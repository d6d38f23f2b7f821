/**
 * A day as people type it into three fields: 7 3 2027. Nothing stays nothing, and what is no day becomes one that does not exist.
 */
export function dayOf(year: string, month: string, day: string): string {
  if (year === '' && month === '' && day === '') return '';
  const digits = [year, month, day].every((part) => /^\d{1,4}$/.test(part));
  return digits ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : 'no day';
}
