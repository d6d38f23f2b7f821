// A server as far as the audit trail goes: writes event after event until it is killed, and says of each that it was acknowledged.
//   node test/support/audit-writer.ts '{"databaseUrl": …, "dataDir": …}' NAME [how many]
import fs from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type DatabasePlace, openDatabase } from '#store/database.ts';
import { createStore } from '#store/store.ts';

const [place = '', name = '', most = 'Infinity'] = process.argv.slice(2);
const store = createStore(await openDatabase(JSON.parse(place) as DatabasePlace));
for (let count = 0; count < Number(most); count++) {
  const entry = `session:${name}-${count}`;
  await store.inOneTransaction(async (inside) => {
    await inside.people.save(
      { id: entry, issuer: 'writer', subject: entry, name, email: null, roles: [] },
      new Date().toISOString(),
    );
    await inside.audit.record({
      at: new Date().toISOString(),
      actor: entry,
      action: 'signed-in',
      entry,
      payload: { name, count },
      keepUntil: '2027-11-22',
    });
  });
  // At once and not through a buffer: what was said is known although the process is killed.
  fs.writeSync(1, `${entry}\n`);
  // Whoever waits for SQLite looks again now and then, and never finds it free beside writers that leave no gap, as no server does.
  await wait(5);
}
await store.close();
