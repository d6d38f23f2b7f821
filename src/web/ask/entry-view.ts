import { parseFacts } from '#domain/decision/parse-facts.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { factsIn, hrefOf, type Query, textIn } from './address.ts';

type Link = { readonly text: string; readonly href: string; readonly hint?: string };
type Hidden = { readonly name: string; readonly value: string };

/** What the first page prints: one box, and other ways in. */
export type HomeModel = PageModel & {
  readonly hidden: readonly Hidden[];
  readonly toolText: string;
  readonly toolError: string | null;
  readonly ways: readonly Link[];
  readonly dates: string;
};

/** What the page of another way in prints: what to know first, the box, and where else to go. */
export type EntryModel = PageModel & {
  readonly lead: readonly string[];
  readonly warning?: string;
  readonly boxLabel: string;
  readonly boxHint?: string;
  readonly hidden: readonly Hidden[];
  readonly toolText: string;
  readonly toolError: string | null;
  readonly links: readonly Link[];
};

type Entry = {
  readonly path: string;
  readonly way: string;
  readonly hint?: string;
  readonly title: string;
  readonly lead: readonly string[];
  readonly warning?: string;
  readonly boxLabel: string;
  readonly boxHint?: string;
  /** Answers that this way in already gives. They are left out where this pack has no such value. */
  readonly sets: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
};

/** The ways in beside the box. Each gives the answers that follow from it, and says first what helps most. */
export const entries: readonly Entry[] = [
  {
    path: '/sent-a-link',
    way: 'I was sent a link or an invitation',
    title: 'You were sent a link or an invitation',
    lead: ['Check the tool before you open the link. Joining without an account counts as using it.'],
    boxLabel: 'Paste the link, or type the name of the tool',
    boxHint: 'We look only at the name of the website, and open nothing.',
    sets: {},
    links: [
      { text: 'I have a video call', href: '/video-call' },
      { text: 'Something has gone wrong', href: '/something-wrong' },
    ],
  },
  {
    path: '/video-call',
    way: 'I have a video call',
    title: 'You have a video call',
    lead: ['The MoJ’s own Teams is the tool to try first, inside the MoJ and with other organisations.'],
    boxLabel: 'What will the call be on?',
    boxHint: 'A name, such as Teams, or the link in the invitation.',
    sets: { purpose: 'video-call' },
    links: [
      { text: 'What to check before a call and in every call', href: '/guidance/video-calls' },
      { text: 'Cameras, conference units and smart speakers', href: '/guidance/video-hardware' },
    ],
  },
  {
    path: '/own-device',
    way: 'I want to use my own phone, computer or email',
    title: 'Your own phone, computer or email',
    lead: ['You can check whether anything is possible without work material reaching your own device.'],
    warning: 'Never send work material to your own devices or your own email.',
    boxLabel: 'What do you want to use on your own device?',
    sets: { device: 'personal' },
    links: [
      { text: 'Which devices to use', href: '/guidance/devices' },
      { text: 'Which account to use', href: '/guidance/accounts' },
      { text: 'Exams on your own device', href: '/guidance/exams' },
    ],
  },
  {
    path: '/already-use-it',
    way: 'I already use it',
    hint: 'Check it, save what is in it, or clear it up',
    title: 'You already use it',
    lead: [
      'If it turns out that you should not, stop adding to it, save what must be kept in an MoJ system, and report it.',
    ],
    boxLabel: 'Which tool do you use?',
    sets: {},
    links: [
      { text: 'How to save your work and clear up', href: '/guidance/clearing-up' },
      { text: 'What to keep, and where', href: '/guidance/storage' },
      { text: 'Report that something has gone wrong', href: '/something-wrong' },
    ],
  },
];

/** The view of the first page. What is already answered, such as the organisation, stays in its address. */
export function homeView(web: Web, query: Query): HomeModel {
  const { pack } = web.needs.policy();
  const { stated } = parseFacts(pack, factsIn(query));
  const isSent = textIn(query, 'sent') === 'tool';
  const box = boxOf(stated, isSent);
  const others: Link[] = entries.map(({ path, way, hint }) => ({
    text: way,
    href: hrefOf(path, keep(web, stated)),
    ...(hint === undefined ? {} : { hint }),
  }));
  const share = { text: 'I need to share something', href: hrefOf('/share', keep(web, stated)) };
  return {
    title: 'Check if you can use a tool for work',
    policyLabel: pack.label,
    ...box,
    ways: [others[0] as Link, share, ...others.slice(1)],
    dates: [...pack.documents.values()]
      .map(({ title, datedText }) => `${title} (${datedText})`)
      .join(' and '),
  };
}

/** The view of one of the other ways in. */
export function entryView(web: Web, path: string, query: Query): EntryModel {
  const { pack } = web.needs.policy();
  const entry = entries.find((one) => one.path === path) ?? (entries[0] as Entry);
  const { stated } = parseFacts(pack, factsIn(query));
  const given = Object.entries(entry.sets).filter(([fact, value]) =>
    pack.facts.get(fact)?.values.some(({ id }) => id === value),
  );
  const all = new Map([...stated, ...given]);
  const { title, lead, warning, boxLabel, boxHint, links } = entry;
  return {
    title,
    lead,
    boxLabel,
    links,
    ...(warning === undefined ? {} : { warning }),
    ...(boxHint === undefined ? {} : { boxHint }),
    back: { text: 'Back', href: hrefOf('/', keep(web, stated)) },
    policyLabel: pack.label,
    ...boxOf(all, textIn(query, 'sent') === 'tool'),
  };
}

function boxOf(
  stated: ReadonlyMap<string, string>,
  isSent: boolean,
): Pick<HomeModel, 'hidden' | 'toolText' | 'toolError' | 'errors'> & { errors?: HomeModel['errors'] } {
  const toolText = stated.get('tool') ?? '';
  const isMissing = isSent && toolText === '';
  const text = 'Enter the name of a tool, or paste its address';
  return {
    hidden: [...stated].filter(([name]) => name !== 'tool').map(([name, value]) => ({ name, value })),
    toolText,
    toolError: isMissing ? text : null,
    ...(isMissing ? { errors: [{ text, href: '#tool' }] } : {}),
  };
}

function keep(web: Web, stated: ReadonlyMap<string, string>): Map<string, string> {
  const { facts } = web.needs.policy().pack;
  return new Map([...stated].filter(([fact]) => facts.get(fact)?.keep === true));
}
