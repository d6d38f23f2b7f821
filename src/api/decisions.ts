import { type TObject, type TSchema, Type } from 'typebox';
import type { FactProblem } from '#domain/decision/fact-problem.ts';
import type { Fact, Pack } from '#domain/policy/pack.ts';
import { isDay } from '#domain/shared/day.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { answerAsJson } from '#usecases/answer-as-json.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import { findWhatHelps, type Help, helps, isHelp } from '#usecases/find-what-helps.ts';
import { factValueAsJson } from '#usecases/json-values.ts';
import { bytesOf, jsonParts } from '#usecases/kept-json.ts';
import { shown } from '#usecases/shown.ts';
import { askedOf } from '#usecases/usage/count-asked.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { errorOf, type RequestError } from './problem.ts';
import { isObject, pointerPart, type ReadBody, readJson, repeatedKey } from './read-json.ts';
import type { ApiResult, ApiRoute } from './route.ts';
import {
  Citations,
  Contact,
  closed,
  Day,
  FactValue,
  MatchedBy,
  orNull,
  Policy,
  Strength,
  Verdict,
} from './schemas.ts';

const fields = ['facts', 'on', 'include'];

// Everything that a question can hold. The values of a fact may also be written as people write them (`yes`, `Official`).
function questionSchema(pack: Pack): TObject {
  return closed(
    {
      facts: closed(
        Object.fromEntries(
          [...pack.facts.values()].map((fact) => [fact.id, Type.Optional(valueSchema(pack, fact))]),
        ),
        { $id: 'Facts' },
      ),
      on: Type.Optional(
        Type.String({
          format: 'date',
          description: 'The day the answer is for, not before the guidance begins. Today when absent.',
        }),
      ),
      include: Type.Optional(
        Type.Array(Type.Enum([...helps]), {
          description: 'What else the answer holds: what would make it all right, and other tools that pass.',
        }),
      ),
    },
    { $id: 'Question' },
  );
}

function valueSchema(pack: Pack, fact: Fact): TSchema {
  if (fact.valuesFrom === 'tools') {
    return Type.String({
      maxLength: 200,
      description: 'A name, an id, an address or a domain, as it was typed.',
    });
  }
  const values = [...fact.values.map(({ id }) => factValueAsJson(pack, fact.id, id)), 'n/a'];
  return Type.Unsafe<string | boolean>({ enum: values, description: fact.label });
}

const assignment = { fact: Type.String(), value: FactValue };

const Reason = closed(
  { rule: Type.String(), because: Type.String(), citations: Citations },
  { $id: 'Reason' },
);

// What both have in common: facts that can be asked about, and what their answer is.
const helpful = {
  facts: Type.Record(Type.String(), FactValue, {
    description: 'What to state to get the answer that is promised here.',
  }),
  verdict: Verdict,
  settled: Type.Boolean({
    description: 'False: facts are missing, and `verdict` is the best one still reachable.',
  }),
  pages: Type.Integer({ description: 'How many pages of questions remain.' }),
};

const Change = closed(
  {
    text: Type.String({ description: 'What to do differently, all of it.' }),
    parts: Type.Array(
      closed({
        ...assignment,
        text: Type.String(),
        decidedBy: Type.Optional(Type.String({ description: 'Who else has to agree.' })),
      }),
    ),
    ...helpful,
    enough: Type.Boolean({
      description: 'False: no change is enough, and `inTheWay` says what is left of the reasons.',
    }),
    inTheWay: Type.Array(Reason),
  },
  { $id: 'Change' },
);

const Alternative = closed(
  { tool: closed({ id: Type.String(), name: Type.String(), listed: Type.Boolean() }), ...helpful },
  { $id: 'Alternative' },
);

const Answer = closed(
  {
    verdict: Verdict,
    settled: Type.Boolean({ description: 'Nothing that is still unstated can change the verdict.' }),
    complete: Type.Boolean({ description: 'Settled, and no condition can be added either.' }),
    best: Verdict,
    worst: Verdict,
    headline: Type.String(),
    tool: closed({
      id: orNull(Type.String()),
      name: orNull(Type.String()),
      listed: Type.Boolean({ description: 'A document of the guidance names it.' }),
      matchedBy: orNull(MatchedBy),
    }),
    given: Type.Array(
      closed({
        ...assignment,
        origin: Type.Enum(['asked', 'claimed', 'assumed', 'catalogue', 'register', 'record', 'derived']),
      }),
    ),
    ignored: Type.Array(Type.String(), { description: 'Facts that were stated and do not apply.' }),
    reasons: Type.Array(Reason),
    conditions: Type.Array(
      closed({
        id: Type.String(),
        text: Type.String(),
        when: Type.Enum(['before', 'while', 'after', 'now', 'always']),
        strength: Strength,
        citations: Citations,
      }),
    ),
    nextSteps: Type.Array(
      closed({
        id: Type.String(),
        text: Type.String(),
        strength: Strength,
        contact: Type.Optional(Contact),
        citations: Citations,
      }),
    ),
    standing: Type.Array(closed({ id: Type.String(), text: Type.String(), citations: Citations })),
    assumptions: Type.Array(closed(assignment), {
      description:
        'Facts that nobody stated, with the default that was taken, where another value could matter.',
    }),
    missing: Type.Array(Type.String(), { description: 'Facts that can still change the answer.' }),
    next: orNull(
      closed({
        question: Type.String(),
        facts: Type.Array(Type.String()),
        fact: Type.String(),
        text: Type.String(),
        why: Type.String(),
        effect: orNull(
          closed({
            kind: Type.Enum(['decides', 'can-lead-to', 'can-add'], {
              description:
                'The answer decides between these verdicts, can lead to them together with other answers, or can only add to what a yes takes.',
            }),
            verdicts: Type.Array(Verdict),
            text: Type.String(),
          }),
        ),
        options: Type.Array(
          closed({
            label: Type.String(),
            hint: Type.Optional(Type.String()),
            sets: Type.Record(Type.String(), FactValue),
          }),
        ),
      }),
    ),
    faults: Type.Array(closed({ rule: Type.String(), detail: Type.String() }), {
      description: 'Rules that could not be evaluated. The verdict is careful because of them.',
    }),
    ask: orNull(Contact),
    findOut: orNull(
      closed({
        fact: Type.String(),
        label: Type.String(),
        outcomes: Type.Array(closed({ value: FactValue, label: Type.String(), verdict: Verdict })),
      }),
    ),
    changes: Type.Optional(
      Type.Array(Change, {
        maxItems: 3,
        description:
          'The smallest changes that make it all right, with `include`. Empty: there is none, or `best` is a permission already.',
      }),
    ),
    alternatives: Type.Optional(
      Type.Array(Alternative, {
        maxItems: 5,
        description: 'Other tools with a better verdict for the same facts, best first, with `include`.',
      }),
    ),
    policy: Policy,
    on: Day,
  },
  { $id: 'Answer' },
);

/** Answers "may I use this?" for the facts of the body. Stores nothing. */
export const decide: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'decide',
  summary:
    'Answer whether something may be used, with every reason, condition and next step. Stores nothing.',
  body: questionSchema,
  answer: Answer,
  problems: [413, 415, 422],
  keeps: 'never',
  handle(needs, { body }) {
    const kept = body === undefined ? undefined : answers.find(needs, body);
    if (kept !== undefined) return { ok: true, body: kept };
    // One policy for the whole answer, also when another one is put in force meanwhile.
    const policy = needs.policy();
    const read = readQuestion(policy.pack, body === undefined ? undefined : readJson(body));
    if (!read.ok) return read;
    const { facts, on, include, errors } = read;
    const answered = answerQuestion(
      { policy: () => policy, today: needs.today },
      { facts, ...(on === undefined ? {} : { on }) },
    );
    const problems = answered.outcome === 'problems' ? answered.problems : [];
    const all = [...errors, ...problems.map((problem) => factError(facts, problem))];
    if (all.length > 0 || answered.outcome === 'problems') {
      return { ok: false, error: errorOf('invalid-facts', all) };
    }
    const { stated, answer } = answered;
    const asked = askedOf(policy.pack, stated, answer);
    needs.count?.(asked);
    const help = findWhatHelps({ policy, on: answer.on }, answered, include);
    const parts = jsonParts(answerAsJson(policy.pack, stated, answer, help));
    if (body !== undefined) answers.keep(needs, body, { parts, asked });
    return { ok: true, body: bytesOf(parts) };
  },
};

const answers = createKeptAnswers();

type Question = {
  readonly ok: true;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly on: string | undefined;
  readonly include: readonly Help[];
  readonly errors: readonly RequestError[];
};

function readQuestion(pack: Pack, body: ReadBody | undefined): Question | Extract<ApiResult, { ok: false }> {
  const value = body?.value;
  if (body === undefined || !isObject(value)) {
    const detail = 'the body must be a JSON object: {"facts": {"tool": "…"}}';
    return { ok: false, error: errorOf('bad-request', [{ pointer: '', detail }]) };
  }
  const errors = [
    ...body.repeated.map(repeatedKey),
    ...Object.keys(value).flatMap((name) => (fields.includes(name) ? [] : [unknownField(name)])),
  ];
  const { facts, on, include = [] } = value;
  if (facts === undefined) {
    errors.push({
      pointer: '/facts',
      detail: '`facts` is missing: an object with fact names and their values',
    });
  } else if (!isObject(facts)) {
    errors.push({ pointer: '/facts', detail: '`facts` must be an object with fact names and their values' });
  }
  // Each unknown name is compared with all known ones, so what cannot be right is not looked at one by one.
  const isTooMany = isObject(facts) && Object.keys(facts).length > pack.facts.size;
  if (isTooMany)
    errors.push({ pointer: '/facts', detail: `\`facts\` may hold at most ${pack.facts.size} facts` });
  if (on !== undefined && (typeof on !== 'string' || !isDay(on))) {
    errors.push({ pointer: '/on', detail: '`on` must be a day that exists, written YYYY-MM-DD' });
  }
  const day = typeof on === 'string' && isDay(on) ? on : undefined;
  const { wanted, errors: more } = readInclude(include);
  return {
    ok: true,
    facts: isObject(facts) && !isTooMany ? facts : {},
    on: day,
    include: wanted,
    errors: [...errors, ...more],
  };
}

function readInclude(include: unknown): { wanted: Help[]; errors: RequestError[] } {
  const known = helps.map((name) => `\`${name}\``).join(' and ');
  if (!Array.isArray(include)) {
    return {
      wanted: [],
      errors: [{ pointer: '/include', detail: `\`include\` must be a list: it can hold ${known}` }],
    };
  }
  // What is wrong again and again is told once.
  const wrong = include.findIndex((name) => !isHelp(name));
  if (wrong < 0) return { wanted: include.filter(isHelp), errors: [] };
  const name = nameOf(include[wrong]);
  const nearest = nearestName(name, helps);
  const detail = `\`${name}\` cannot be included: \`include\` can hold ${known}`;
  return {
    wanted: [],
    errors: [
      { pointer: `/include/${wrong}`, detail, ...(nearest === undefined ? {} : { suggestion: nearest }) },
    ],
  };
}

// An object can have a `toString` of its own that is no function, and a list can be deeper than the stack.
function nameOf(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return isObject(value) ? '{…}' : shown(String(value));
}

function unknownField(name: string): RequestError {
  const nearest = nearestName(name, fields);
  return {
    pointer: pointerPart(shown(name)),
    detail: `unknown field \`${shown(name)}\`: the body has ${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`,
    ...(nearest === undefined ? {} : { suggestion: nearest }),
  };
}

// What follows from a stated fact (SENSITIVE from a marking) has no place of its own in the body.
function factError(
  facts: Readonly<Record<string, unknown>>,
  { fact, detail, suggestion }: FactProblem,
): RequestError {
  return {
    pointer: Object.hasOwn(facts, fact) ? `/facts${pointerPart(fact)}` : fact === 'on' ? '/on' : '/facts',
    detail,
    ...(suggestion === undefined || suggestion === '' ? {} : { suggestion }),
  };
}
