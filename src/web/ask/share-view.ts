import { optionsOf } from '#domain/decision/next-question.ts';
import { parseFacts } from '#domain/decision/parse-facts.ts';
import type { Option, Question, Way } from '#domain/policy/pack.ts';
import type { Web } from '../web.ts';
import { factsIn, hrefOf, type Query, textIn } from './address.ts';
import { keyOf, type QuestionPageModel } from './question-view.ts';

/** "Which way should I send this?": asks what decides the way, all on one page. */
export function shareView(web: Web, query: Query): QuestionPageModel {
  const { pack } = web.needs.policy();
  const { stated } = parseFacts(pack, factsIn(query));
  const isSent = textIn(query, 'sent') === 'share';
  const asked = questionsOf(web);
  // The first question without an answer is the one that is needed: a later one may be skipped.
  const needed = asked.findIndex((question) => chosenOf(web, query, question) === undefined);
  const questions = asked.map((question, place) => {
    const name = `answer.${question.id}`;
    const items = optionsOf(question, pack).map((option) => ({
      value: keyOf(option),
      text: option.label,
      ...(option.hint === undefined ? {} : { hint: option.hint }),
      checked:
        query[name] === keyOf(option) ||
        [...option.sets].every(([fact, value]) => stated.get(fact) === value),
      isDivider: false,
    }));
    const isMissing = isSent && place === needed;
    return {
      id: question.id,
      name,
      text: question.text,
      ...hintOf(web, question),
      why: question.why,
      isInline: items.length <= 3,
      items,
      error: isMissing ? `Choose an answer to “${question.text}”` : null,
    };
  });
  const errors = questions.flatMap(({ id, error }) =>
    error === null ? [] : [{ text: error, href: `#${id}` }],
  );
  const own = new Set(asked.flatMap(({ facts }) => facts));
  return {
    title: wayOf(web)?.title ?? 'Which way should I send this?',
    ...(errors.length > 0 ? { errors } : {}),
    isSingle: false,
    lead: 'We name the tool to use, and then check it with you.',
    back: { text: 'Back', href: '/' },
    policyLabel: pack.label,
    action: '/share',
    sentAs: 'share',
    hidden: [...stated].filter(([fact]) => !own.has(fact)).map(([name, value]) => ({ name, value })),
    questions,
    about: null,
    bestNow: null,
  };
}

/** Where a filled-in form leads: the tool that comes first on the ladder, with the answers given. Null: not filled in yet. */
export function shareTarget(web: Web, query: Query): string | null {
  const way = wayOf(web);
  if (way === undefined || textIn(query, 'sent') !== 'share') return null;
  const policy = web.needs.policy();
  const stated = new Map([...parseFacts(policy.pack, factsIn(query)).stated, ...way.facts]);
  for (const question of questionsOf(web)) {
    const chosen = chosenOf(web, query, question);
    if (chosen === undefined) return null;
    for (const [fact, value] of chosen.sets) stated.set(fact, value);
    const step = way.steps.find(({ when }) =>
      [...when].every(([fact, values]) => values.has(stated.get(fact) ?? '')),
    );
    if (step !== undefined) return hrefOf('/check', new Map([...stated, ['tool', step.tool]]));
  }
  return null;
}

function chosenOf(web: Web, query: Query, question: Question): Option | undefined {
  return optionsOf(question, web.needs.policy().pack).find(
    (option) => keyOf(option) === query[`answer.${question.id}`],
  );
}

function hintOf(web: Web, question: Question): { hint?: string } {
  const note = wayOf(web)?.asks.find(({ fact }) => question.facts.includes(fact))?.note;
  const hint = [note, question.hint].filter((part) => part !== undefined).join(' ');
  return hint === '' ? {} : { hint };
}

function wayOf(web: Web): Way | undefined {
  return web.needs.policy().pack.ways[0];
}

function questionsOf(web: Web): Question[] {
  const asks = wayOf(web)?.asks ?? [];
  return web.needs
    .policy()
    .pack.pages.flatMap(({ questions }) => questions)
    .filter(({ facts }) => asks.some(({ fact }) => facts.includes(fact)));
}
