import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { json } from 'node:stream/consumers';
import { jwtVerify } from 'jose';

/** An email as GOV.UK Notify took it. */
export type TakenEmail = {
  readonly id: string;
  readonly reference: string;
  readonly address: string;
  readonly template: string;
  readonly personalisation: Readonly<Record<string, string>>;
};

export type Failure = { readonly status: number; readonly error: string; readonly message: string };

export type TestNotify = {
  readonly baseUrl: string;
  readonly taken: TakenEmail[];
  /** Every call, as `POST /v2/notifications/email`. */
  readonly calls: string[];
  readonly close: () => Promise<void>;
};

type Behaviour = {
  /** What it answers instead, while there is something. */
  readonly failures?: readonly Failure[];
  /** Waited for before anything is taken. */
  readonly before?: () => Promise<void>;
  /** Waited for between taking an email and saying so. False: nothing is said. */
  readonly beforeYes?: () => Promise<boolean>;
};

const serviceId = '26785a09-ab16-4eb0-8407-a37497a57506';
const secret = '3d844edf-8d35-48ac-975b-e847b4f122b0';

/** A key as Notify shows it, and a template: https://docs.notifications.service.gov.uk/rest-api.html */
export const notifyKey = `test_key-${serviceId}-${secret}`;
export const notifyTemplate = 'f33517ff-2a88-4f6e-b855-c550268ce08a';

/** What of GOV.UK Notify’s published API we use, on this machine: who calls is checked, and what is taken is found by its reference. */
export async function startNotify({
  failures = [],
  before = async () => {},
  beforeYes = async () => true,
}: Behaviour = {}): Promise<TestNotify> {
  const taken: TakenEmail[] = [];
  const calls: string[] = [];
  const toFail = [...failures];
  const server = http.createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const refuse = ({ status, error, message }: Failure): void =>
      answer(status, { status_code: status, errors: [{ error, message }] });
    handle().catch(() => response.destroy());

    async function handle(): Promise<void> {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      calls.push(`${request.method} ${pathname}`);
      if (!(await isOurs(request.headers.authorization ?? '')))
        return refuse({ status: 403, error: 'AuthError', message: 'Invalid token: API key not found' });
      if (request.method === 'GET' && pathname === '/v2/notifications') {
        const reference = searchParams.get('reference');
        const notifications = taken.filter((one) => one.reference === reference);
        return answer(200, { notifications, links: { current: request.url } });
      }
      if (request.method !== 'POST' || pathname !== '/v2/notifications/email')
        return refuse({ status: 404, error: 'NoResultFound', message: 'No result found' });
      const body = (await json(request)) as Readonly<Record<string, unknown>>;
      await before();
      const failure = toFail.shift();
      if (failure !== undefined) return refuse(failure);
      const email: TakenEmail = {
        id: randomUUID(),
        reference: String(body.reference),
        address: String(body.email_address),
        template: String(body.template_id),
        personalisation: body.personalisation as Readonly<Record<string, string>>,
      };
      taken.push(email);
      if (await beforeYes()) answer(201, { id: email.id, reference: email.reference, content: {} });
      else response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    taken,
    calls,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function isOurs(authorization: string): Promise<boolean> {
  const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? '';
  const key = new TextEncoder().encode(secret);
  // Notify lets clocks be 30 seconds apart either way.
  const rules = { issuer: serviceId, algorithms: ['HS256'], maxTokenAge: 30, clockTolerance: 30 };
  return jwtVerify(token, key, rules).then(
    () => true,
    () => false,
  );
}
