import axios, { type AxiosError } from 'axios';
import { NotifyClient } from 'notifications-node-client';
import { type MailWay, type OutgoingLetter, problemText, type SendResult } from './letter.ts';

export type NotifySettings = {
  readonly apiKey: string;
  /** The template, with the placeholders `subject` and `body`. */
  readonly template: string;
  readonly baseUrl: string;
};

// There are two calls at most: looking it up, then sending it.
const usualTimeoutMs = 12_000;
const largestAnswer = 1_000_000;

/**
 * Sends letters through GOV.UK Notify. Each has its id as the reference, and is looked up by it before it is sent another time: what is
 * there was sent. Notify keeps what it was given for seven days, longer than we try.
 */
export function notifyWay(
  { apiKey, template, baseUrl }: NotifySettings,
  timeoutMs = usualTimeoutMs,
): MailWay {
  const client = new NotifyClient(baseUrl, apiKey);
  // The same axios, once as an ES module and once not: only their types are apart.
  client.setClient(boundedClient(timeoutMs) as unknown as Parameters<NotifyClient['setClient']>[0]);
  return {
    name: 'notify',
    async send(letter, mayBeThere) {
      try {
        const found = mayBeThere ? await findAt(client, letter.id) : null;
        if (found !== null) return { outcome: 'sent', as: found };
        const { data } = await client.sendEmail(template, letter.to.address, {
          personalisation: { subject: letter.subject, body: bodyOf(letter) },
          reference: letter.id,
        });
        return { outcome: 'sent', as: String(data.id) };
      } catch (error) {
        return describe(error as AxiosError);
      }
    },
  };
}

// The client sets no limits of its own. An answer that leads somewhere else would take our token along.
function boundedClient(timeoutMs: number) {
  const bounded = axios.create({ maxRedirects: 0, maxContentLength: largestAnswer });
  bounded.interceptors.request.use((request) => ({ ...request, signal: AbortSignal.timeout(timeoutMs) }));
  return bounded;
}

async function findAt(client: NotifyClient, reference: string): Promise<string | null> {
  const { data } = await client.getNotifications('email', undefined, reference);
  const [found] = data.notifications;
  return found === undefined ? null : String(found.id);
}

/** The text of a letter where Notify reads its own marks: what stands in brackets would become a link, a line after a mark a heading. */
export function bodyOf({ text }: Pick<OutgoingLetter, 'text'>): string {
  return text
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .replaceAll('((', '( (')
    .replaceAll('))', ') )')
    .replaceAll(/^--$/gm, '---')
    .replaceAll(/^[#*^>]+/gm, '');
}

function describe(error: AxiosError): SendResult {
  const status = error.response?.status;
  const isLookUp = error.config?.method === 'get';
  const said = saidBy(error.response?.data);
  if (status === undefined) return { outcome: 'later', problem: meaningOf(error) };
  const problem = problemText(`GOV.UK Notify said ${status}${said === '' ? '' : `: ${said}`}`);
  return { outcome: status === 400 && !isLookUp ? 'never' : 'later', problem };
}

function meaningOf({ code }: AxiosError): string {
  const isLate = code === 'ERR_CANCELED' || code === 'ECONNABORTED' || code === 'ETIMEDOUT';
  return isLate
    ? 'GOV.UK Notify did not answer in time'
    : `GOV.UK Notify cannot be reached (${code ?? 'no code'})`;
}

// {"status_code": 400, "errors": [{"error": "BadRequestError", "message": "…"}]}
function saidBy(data: unknown): string {
  const { errors } = (typeof data === 'object' && data !== null ? data : {}) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return '';
  return errors
    .map((one: { readonly error?: unknown; readonly message?: unknown } | null) =>
      `${one?.error ?? ''} ${one?.message ?? ''}`.trim(),
    )
    .join('; ');
}
