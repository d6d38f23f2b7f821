import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { notifyKey, notifyTemplate, startNotify } from '#test/support/notify-server.ts';
import { startSmtp } from '#test/support/smtp-server.ts';

export const ways = ['outbox', 'smtp', 'notify'] as const;
export type Way = (typeof ways)[number];

/** The other side of a way to send: the settings that lead there, and what arrived. */
export type Receiver = {
  readonly settings: Readonly<Record<string, string>>;
  /** The ids of the notices that arrived, one for each time. */
  readonly arrived: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

// As long as a mail server takes at times: the longer between taking a letter and saying so, the more often a kill falls in between.
const slowestMs = 40;
const takesAWhile = () => wait(Math.random() * slowestMs);

/** Opens the other side of a way. */
export const openReceiver: Readonly<Record<Way, (dataDir: string) => Promise<Receiver>>> = {
  async outbox(dataDir) {
    return {
      settings: {},
      async arrived() {
        const names = await fs.readdir(path.join(dataDir, 'outbox')).catch(() => []);
        return names.filter((name) => name.endsWith('.eml')).map((name) => name.slice(0, -4));
      },
      close: async () => {},
    };
  },
  async smtp() {
    const server = await startSmtp({}, takesAWhile);
    return {
      settings: {
        SMTP_URL: `smtp://127.0.0.1:${server.port}`,
        MAIL_FROM: 'Tools <no-reply@tools.example.org>',
      },
      arrived: async () =>
        server.taken.map(({ raw }) => /^Message-ID: <([0-9a-f-]{36})@/im.exec(raw)?.[1] ?? 'no id'),
      close: server.close,
    };
  },
  async notify() {
    const server = await startNotify({
      before: takesAWhile,
      beforeYes: () => takesAWhile().then(() => true),
    });
    return {
      settings: {
        NOTIFY_API_KEY: notifyKey,
        NOTIFY_TEMPLATE: notifyTemplate,
        NOTIFY_BASE_URL: server.baseUrl,
      },
      arrived: async () => server.taken.map(({ reference }) => reference),
      close: server.close,
    };
  },
};
