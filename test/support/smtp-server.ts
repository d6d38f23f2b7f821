import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A letter as a mail server took it. */
export type TakenLetter = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

export type TestSmtp = {
  readonly port: number;
  /** What it said yes to. */
  readonly taken: TakenLetter[];
  readonly close: () => Promise<void>;
};

/** A real mail server on this machine that keeps what it takes. `beforeYes` is waited for between taking a letter and saying so. */
export async function startSmtp(
  options: SMTPServerOptions = {},
  beforeYes: () => Promise<void> = async () => {},
): Promise<TestSmtp> {
  const taken: TakenLetter[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope;
      text(stream)
        .then(async (raw) => {
          const from = mailFrom === false ? '' : mailFrom.address;
          taken.push({ from, to: rcptTo.map(({ address }) => address), raw });
          await beforeYes();
          done();
        })
        .catch(done);
    },
    ...options,
  });
  // A client that goes away in the middle is part of the tests.
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listening.once('listening', resolve));
  const { port } = listening.address() as { port: number };
  return { port, taken, close: () => new Promise((resolve) => server.close(resolve)) };
}
