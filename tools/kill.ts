// Kills the service between what it acknowledges and what it sends, again and again, and counts:
//   npm run kill -- [--rounds 100] [--on sqlite|postgres] [--way outbox|smtp|notify] [--json]
// Ends with 1 where a notice was lost, or arrived twice where it may not.
import { parseArgs } from 'node:util';
import { type KillReport, killBetween } from '#test/fault/kill-between.ts';
import { type Way, ways } from '#test/fault/receivers.ts';
import { findPostgres, startPostgres } from './postgres.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    on: { type: 'string' },
    way: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const rounds = Number(values.rounds);
const wantedWays = ways.filter((way) => values.way === undefined || values.way === way);
const wantedKinds = ['sqlite', 'postgres'].filter((kind) => values.on === undefined || values.on === kind);
if (!Number.isSafeInteger(rounds) || rounds < 1 || wantedWays.length === 0 || wantedKinds.length === 0) {
  console.error(
    'usage: npm run kill -- [--rounds 100] [--on sqlite|postgres] [--way outbox|smtp|notify] [--json]',
  );
  process.exit(2);
}

const server = wantedKinds.includes('postgres') ? startOwnPostgres() : undefined;
if (server !== undefined) process.env.TEST_DATABASE_URL = server.url;
// Read when it is loaded where the server for the tests is.
const { sqlite, postgres } = await import('#test/support/databases.ts');
const results: { readonly database: string; readonly way: Way; readonly report: KillReport }[] = [];
try {
  for (const kind of wantedKinds.map((name) => (name === 'sqlite' ? sqlite : postgres))) {
    for (const way of wantedWays) {
      const own = await kind.create();
      const onRound = (round: number): void => {
        if (process.stderr.isTTY) process.stderr.write(`\r${kind.name}, ${way}: ${round} of ${rounds} `);
      };
      const report = await killBetween({ place: own.place, way, rounds, onRound });
      if (process.stderr.isTTY) process.stderr.write('\n');
      await own.remove();
      results.push({ database: kind.name, way, report });
      if (values.json !== true) console.log(`${kind.name} ${way}: ${JSON.stringify(report)}`);
    }
  }
} finally {
  server?.stop();
}
if (values.json === true) console.log(JSON.stringify(results, null, 2));
process.exitCode = results.every(({ way, report }) => isKept(way, report)) ? 0 : 1;

// Only SMTP may repeat, and only where nobody could know.
function isKept(
  way: Way,
  { lost, twice, twiceWithoutReason, eventsTooMany, acknowledged, rounds: all }: KillReport,
): boolean {
  const mayRepeat = way === 'smtp' || twice === 0;
  return lost === 0 && twiceWithoutReason === 0 && eventsTooMany === 0 && mayRepeat && acknowledged === all;
}

function startOwnPostgres() {
  const bin = findPostgres();
  if (bin === undefined) {
    console.error('there is no PostgreSQL on this machine. Leave it out with --on sqlite.');
    process.exit(2);
  }
  return startPostgres(bin);
}
