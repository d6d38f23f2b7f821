/** A text that somebody wrote into a form which came to nothing. */
export type GivenBack = { readonly label: string; readonly text: string; readonly isLong: boolean };

/** What somebody wrote in their own words into a form, to be given back where it comes to nothing, so that it can be copied. */
export function givenBackOf(body: unknown): readonly GivenBack[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(writtenFields).flatMap(([name, label]) => {
    const text: unknown = Reflect.get(body, name);
    return typeof text === 'string' && text.trim() !== ''
      ? [{ label, text: text.replaceAll('\u0000', ''), isLong: longFields.includes(name) }]
      : [];
  });
}

const writtenFields: Readonly<Record<string, string>> = {
  managerName: 'Name',
  managerAddress: 'Email address',
  note: 'Why you want to use it',
  words: 'Your words',
};

// Those with room for several lines.
const longFields: readonly string[] = ['note', 'words'];
