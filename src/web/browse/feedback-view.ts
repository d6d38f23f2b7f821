import type { Pack } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { findStanding, type Standing } from '#usecases/ask-page.ts';
import { hrefOf, type Query } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { type ContactModel, contactModel, type Letter } from './contact-model.ts';
import { page, type View } from './page.ts';

export type FeedbackModel = PageModel & {
  readonly contacts: readonly ContactModel[];
  /** Whether the letter holds facts of an answer. */
  readonly hasFacts: boolean;
  readonly text: string;
  readonly rows: number;
};

/** Feedback as an email of one's own: with the facts that were given, and without a name. Nothing is sent from here. */
export const feedbackView: View = (web, { query }) => {
  const { pack } = web.needs.policy();
  const standing = standingOf(web, query);
  const letter = letterOf(web, standing);
  const topical = [...pack.contacts.values()]
    .filter(({ topics }) => topics.includes('feedback'))
    .map(({ id }) => id);
  const contacts = topical.length > 0 ? topical : [pack.defaultContact];
  return page<FeedbackModel>(web, 'feedback', {
    title: 'Feedback',
    contacts: contacts.map((id) => contactModel(pack, id, letter)),
    hasFacts: standing !== null,
    text: letter.body,
    rows: letter.body.split('\n').length + 1,
  });
};

// What is not a fact is left out, and where facts do not go together there is nothing to quote.
function standingOf({ needs }: Web, query: Query): Standing | null {
  const { facts } = needs.policy().pack;
  const given = Object.entries(query).filter(([name, value]) => facts.has(name) && typeof value === 'string');
  if (given.length === 0) return null;
  const stood = findStanding(needs, Object.fromEntries(given));
  return stood.outcome === 'ok' && stood.standing.stated.size > 0 ? stood.standing : null;
}

function letterOf({ needs, config }: Web, standing: Standing | null): Required<Letter> {
  const { pack } = needs.policy();
  const intro = ['What I was trying to do:', '', '', 'What I think should change:', '', ''];
  const facts =
    standing === null ? [] : [...factLines(pack, standing), ...answerLines(standing, config.baseUrl)];
  const version = [`Guidance: ${pack.label}`, `Day: ${dayInWords(needs.today())}`];
  return {
    subject: 'Feedback on the guidance about tools',
    body: [...intro, ...facts, ...version].join('\n'),
  };
}

function factLines(pack: Pack, { stated, match }: Standing): string[] {
  return [...stated].flatMap(([id, value]) => {
    const fact = pack.facts.get(id);
    if (fact === undefined) return [];
    const text =
      fact.valuesFrom === 'tools'
        ? (match?.name ?? value)
        : (fact.values.find((one) => one.id === value)?.label ?? value);
    return [`${fact.label}: ${text}`];
  });
}

// What is not settled yet is not an answer to comment on.
function answerLines({ answer, stated }: Standing, baseUrl: string): string[] {
  const address = `Address: ${baseUrl}${hrefOf('/answer', stated)}`;
  return answer.settled ? [`Answer: ${answer.headline}`, address] : [address];
}
