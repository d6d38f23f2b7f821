import { createTransport } from 'nodemailer';
import { isLoopback } from '../config.ts';
import { type MailWay, problemText, type SendResult } from './letter.ts';
import { messageOf, type Sender } from './message.ts';

/** How long the mail server may take: for each step, and for all of them. */
export type SmtpLimits = { readonly stepMs: number; readonly wholeMs: number };

const usualLimits: SmtpLimits = { stepMs: 10_000, wholeMs: 25_000 };

/**
 * Sends letters over SMTP. Nothing goes out unencrypted, but to this machine. Another attempt can bring a letter twice only where the
 * other side took the first and its yes did not reach us; its Message-ID is the same.
 */
export function smtpWay(
  address: string,
  from: Sender,
  { stepMs, wholeMs }: SmtpLimits = usualLimits,
): MailWay {
  const url = new URL(address);
  const isSecure = url.protocol === 'smtps:';
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const transport = createTransport({
    host,
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    secure: isSecure,
    requireTLS: !isSecure && !isLoopback(host),
    ...(isLoopback(host) ? { ignoreTLS: !isSecure } : { tls: { minVersion: 'TLSv1.2' } }),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    dnsTimeout: stepMs,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
  });
  return {
    name: 'smtp',
    async send(letter) {
      try {
        const info = await transport.sendMail({
          ...messageOf(letter, from),
          signal: AbortSignal.timeout(wholeMs),
        });
        return { outcome: 'sent', as: info.messageId };
      } catch (error) {
        return describe(error as SmtpError);
      }
    },
  };
}

type SmtpError = Error & {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly permanent?: boolean;
  /** Such as ECONNREFUSED, or what is wrong with a certificate. */
  readonly originalCode?: string;
};

// For good is only what the other side says of the recipient or the letter. That it does not know us, or our password, somebody can mend.
function describe(error: SmtpError): SendResult {
  const { code, command, response, responseCode, permanent, originalCode } = error;
  const isRefusal = permanent === true && (command === 'RCPT TO' || command === 'DATA');
  const what =
    responseCode === undefined
      ? `${meanings[code ?? ''] ?? 'the mail server cannot be used'} (${originalCode ?? code ?? 'no code'})`
      : `the mail server said at ${command ?? 'the start'}: ${response ?? responseCode}`;
  return { outcome: isRefusal ? 'never' : 'later', problem: problemText(what) };
}

const meanings: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'the mail server did not answer in time',
  EABORT: 'the mail server did not answer in time',
  EDNS: 'the mail server’s name cannot be found',
  ESOCKET: 'the mail server cannot be reached',
  ECONNECTION: 'the mail server broke the connection off',
  ETLS: 'the mail server has no encrypted connection to offer',
  EAUTH: 'the mail server does not accept our name and password',
  ENOAUTH: 'the mail server wants a name and a password',
};
