import { runCli } from '#cli/main.ts';
import { systemClock } from '#platform/clock.ts';
import { describeConfigProblems, readConfig } from '#platform/config.ts';
import { openLogDestination } from '#platform/log-destination.ts';
import { sha256 } from '#platform/sha256.ts';
import { UnusableHolidays } from '#store/bank-holidays.ts';
import { CannotOpen, describeFailure, openExisting, openForReading } from '#store/database.ts';
import { loadGuidance } from '#store/guidance.ts';
import { loadRevision } from '#store/policy-revision.ts';
import { writeSchemas } from '#store/policy-schemas.ts';
import { createStore } from '#store/store.ts';
import type { Needs } from '#usecases/needs.ts';

/** Wires everything. The only file that reads the environment and the arguments. */
const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(`${describeConfigProblems(read.problems)}\n`);
  process.exit(2);
}
const { config } = read;
const clock = systemClock();

const code = await runCli({
  args: process.argv.slice(2),
  io: { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin },
  policyDir: config.policyDir,
  today: () => clock.today(),
  load: loadGuidance,
  loadRevision,
  writeSchemas,
  async needs(): Promise<Needs | readonly string[]> {
    const { ready, texts, problems } = await loadGuidance(config.policyDir);
    if (ready === null) return problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    return {
      policy: () => ready.policy,
      search: () => ready.search,
      today: () => clock.today(),
      texts: () => texts,
    };
  },
  async openTrail() {
    const { audit, close } = createStore(await openForReading(config));
    return { ...audit, hash: sha256, close, describe: (error) => describeFailure(config, error) };
  },
  async openVersions() {
    const { peopleNeedsOf } = await import('./serve.ts');
    const store = createStore(await openExisting(config));
    return { needs: peopleNeedsOf(config, clock, store), close: store.close };
  },
  async readVersions() {
    const store = createStore(await openForReading(config));
    return { needs: { store, now: clock.now }, close: store.close };
  },
  token: process.env.CTU_TOKEN || undefined,
  async serve() {
    // Only here: pages, mail and sign-in take time and memory that no other command needs.
    const [{ openMemory, serve }, { readFolderPack }] = await Promise.all([
      import('./serve.ts'),
      import('./start-in-force.ts'),
    ]);
    try {
      const folder = await readFolderPack(config.policyDir);
      const memory = await openMemory(config, clock);
      process.exit(await serve({ config, clock, folder, memory, log: openLogDestination(process.stdout) }));
    } catch (error) {
      if (!(error instanceof CannotOpen || error instanceof UnusableHolidays)) throw error;
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
  },
});
process.exitCode = code;
