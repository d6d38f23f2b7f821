import { settings } from './config.ts';

/** The table of docs/reference/settings.md. */
export function describeSettings(): string {
  const rows = settings.map(
    ({ name, defaultText, means, right }) =>
      `| \`${name}\` | ${defaultText === '' ? '(none)' : `\`${defaultText}\``} | ${means} | ${right} |`,
  );
  return ['| Setting | Default | What it is for | It must be |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** The file .env.example: every setting with its default, commented out. */
export function exampleOfSettings(): string {
  const entries = settings.map(
    ({ name, defaultText, means, right }) => `# ${means}\n# It must be ${right}.\n# ${name}=${defaultText}\n`,
  );
  return `# Settings of Clear to Use, made by tools/settings.ts. Copy this to .env, take away the # where you set something,\n# and start with: node --env-file=.env tools/run.js src/main.ts serve\n# or give them to your container.\n\n${entries.join('\n')}`;
}
