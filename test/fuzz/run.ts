import http from 'node:http';
import { sendBytes, statusesIn } from '#test/support/raw-http.ts';
import { Person } from '../support/person.ts';
import { createRandom } from './random.ts';
import { type FuzzRequest, type HttpRequest, type Identity, makeRequest } from './requests.ts';
import { findTargets, type Targets } from './targets.ts';

/** What is wrong with an answer, and the request that it was for. */
export type FuzzFinding = { readonly request: string; readonly what: string };

export type FuzzReport = {
  readonly count: number;
  /** How often each status was answered. 0: the connection was closed without an answer, as for what is not HTTP. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly findings: readonly FuzzFinding[];
  readonly calls: number;
  readonly forms: number;
};

type FuzzOptions = {
  readonly baseUrl: string;
  readonly seed: number;
  readonly count: number;
  /** The last day of the access tokens that are made for it, by the clock of the server. */
  readonly tokensEndOn: string;
  readonly parallel?: number;
  /** Told now and then how far it is. */
  readonly onProgress?: (done: number, report: FuzzReport) => void;
  readonly onFinding?: (finding: FuzzFinding) => void;
};

const renewEvery = 400;
const mostFindings = 100;
const progressEvery = 1_000;

/**
 * Sends malformed requests to a server with the trial sign-in and without limits of requests. The same seed gives the same requests,
 * but for the tokens of the sessions in them. No answer may be a failure of ours or show where in the code something happened.
 */
export async function fuzz({
  baseUrl,
  seed,
  count,
  tokensEndOn,
  parallel = 8,
  onProgress = () => {},
  onFinding = () => {},
}: FuzzOptions): Promise<FuzzReport> {
  const random = createRandom(seed);
  const agent = new http.Agent({ keepAlive: true, maxSockets: parallel });
  let identity = await newIdentity(baseUrl, tokensEndOn);
  const targets = await targetsOf(baseUrl);
  const statuses = new Map<number, number>();
  const findings: FuzzFinding[] = [];
  const report = { statuses, findings, calls: targets.calls.length, forms: targets.forms.length };
  let made = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (made < count) {
      made += 1;
      // Some requests sign out, or end the token.
      if (made % renewEvery === 0) identity = await newIdentity(baseUrl, tokensEndOn);
      const request = makeRequest(random, targets, identity);
      const answered =
        request.kind === 'raw' ? await sendRaw(baseUrl, request.bytes) : await send(baseUrl, agent, request);
      for (const status of answered.statuses) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const what = problemIn(answered);
      if (what !== undefined && findings.length < mostFindings) {
        const finding = { request: describe(request), what };
        findings.push(finding);
        onFinding(finding);
      }
      done += 1;
      if (done % progressEvery === 0) onProgress(done, { count: done, ...report });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  agent.destroy();
  return { count: done, ...report };
}

async function targetsOf(baseUrl: string): Promise<Targets> {
  const person = await Person.signedIn(baseUrl, 'administrator');
  return findTargets(async (path) => {
    const answer = await person.get(path);
    return { status: answer.status, text: await answer.text() };
  });
}

// One who may see everything, so that no request ends at the door.
async function newIdentity(baseUrl: string, tokensEndOn: string): Promise<Identity> {
  const person = await Person.signedIn(baseUrl, 'administrator');
  const formToken = await person.tokenOn('/me/tokens');
  const [year = '', month = '', day = ''] = tokensEndOn.split('-');
  const made = await person.post('/me/tokens', {
    _csrf: formToken,
    label: 'Fuzz',
    'endsOn-day': day,
    'endsOn-month': month,
    'endsOn-year': year,
    roles: 'administrator',
  });
  const accessToken = /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  if (accessToken === '') throw new Error('no access token was made');
  return { cookie, formToken, accessToken };
}

type Answered = { readonly statuses: readonly number[]; readonly text: string };

const answerLimitMs = 30_000;

function send(
  baseUrl: string,
  agent: http.Agent,
  { method, path, headers, body }: HttpRequest,
): Promise<Answered> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve) => {
    const all = body === null ? headers : { ...headers, 'content-length': String(body.length) };
    const request = http.request({ hostname, port, agent, method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      const finish = (): void =>
        resolve({ statuses: [response.statusCode ?? 0], text: Buffer.concat(chunks).toString() });
      response.on('end', finish);
      response.on('error', finish);
    });
    request.setTimeout(answerLimitMs, () => {
      resolve({ statuses: [-1], text: '' });
      request.destroy();
    });
    request.on('error', () => resolve({ statuses: [0], text: '' }));
    request.end(body ?? undefined);
  });
}

async function sendRaw(baseUrl: string, bytes: Buffer): Promise<Answered> {
  const text = await sendBytes(baseUrl, bytes, { limitMs: 3_000, endsAfterwards: true });
  const statuses = statusesIn(text);
  return { statuses: statuses.length === 0 ? [0] : statuses, text };
}

function problemIn({ statuses, text }: Answered): string | undefined {
  const failed = statuses.find((status) => status >= 500);
  if (failed !== undefined) return `answered with ${failed}: ${text.slice(0, 600)}`;
  if (statuses.includes(-1)) return `no answer within ${answerLimitMs} ms`;
  const trace =
    /\bat (?:async )?[\w.<>]+ \((?:file|node):|\bnode:internal|SQLITE_|syntax error at or near/.exec(text);
  return trace === null ? undefined : `shows its inside: ${trace[0]}`;
}

function describe(request: FuzzRequest): string {
  if (request.kind === 'raw')
    return `raw ${JSON.stringify(request.bytes.toString('latin1').slice(0, 1_500))}`;
  const { method, path, headers, body } = request;
  const { cookie: _cookie, authorization: _authorization, ...shown } = headers;
  return JSON.stringify({ method, path, headers: shown, body: body?.toString('latin1').slice(0, 1_500) });
}
