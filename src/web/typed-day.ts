/** A day as people type it into three fields: 7 3 2027. Empty where it cannot be one; whether it exists is not looked at. */
export function dayOf(year: string, month: string, day: string): string {
  const digits = [year, month, day].every((part) => /^\d{1,4}$/.test(part));
  return digits ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : '';
}
