import path from 'node:path';
import type { Config } from '../config.ts';
import type { MailWay } from './letter.ts';
import type { Sender } from './message.ts';
import { outboxFolder, outboxWay } from './outbox.ts';

type Settings = Pick<
  Config,
  'dataDir' | 'mailFrom' | 'smtpUrl' | 'notifyApiKey' | 'notifyTemplate' | 'notifyBaseUrl'
>;

// RFC 2606: nobody can have this domain, so nothing can be answered to it.
const nobody: Sender = { name: '', address: 'no-reply@clear-to-use.invalid' };

/** Who letters are from. */
export function senderOf({ mailFrom }: Pick<Config, 'mailFrom'>): Sender {
  return mailFrom ?? nobody;
}

/** Where the outbox is, whether or not it is the way. */
export function outboxOf({ dataDir }: Pick<Config, 'dataDir'>): string {
  return path.join(dataDir, outboxFolder);
}

/** The way to send letters that the settings choose. What the others need is not even loaded. */
export async function openWay(config: Settings): Promise<MailWay> {
  const { smtpUrl, notifyApiKey: apiKey, notifyTemplate: template, notifyBaseUrl: baseUrl } = config;
  if (apiKey !== null && template !== null) {
    const { notifyWay } = await import('./notify.ts');
    return notifyWay({ apiKey, template, baseUrl });
  }
  if (smtpUrl !== null) {
    const { smtpWay } = await import('./smtp.ts');
    return smtpWay(smtpUrl, senderOf(config));
  }
  return outboxWay(outboxOf(config), senderOf(config));
}
