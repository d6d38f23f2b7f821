import type { Alternative } from '#domain/decision/alternatives.ts';
import {
  type Addition,
  type Answer,
  type Given,
  organisationOf,
  type Reason,
} from '#domain/decision/answer.ts';
import type { Change } from '#domain/decision/changes.ts';
import type { StatedFacts } from '#domain/decision/parse-facts.ts';
import type { QuestionEffect } from '#domain/decision/question-effect.ts';
import type { Assumption } from '#domain/decision/table.ts';
import { type UsableContact, usableContact } from '#domain/policy/contacts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { WhatHelps } from './find-what-helps.ts';
import { citationAsJson, factValueAsJson } from './json-values.ts';
import { keptJson } from './kept-json.ts';
import { whyAsked } from './why-asked.ts';

/**
 * An answer as the API and `--json` give it. This is the public contract (docs/reference/api.md), so every field is written
 * out: what is added to `Answer` appears here only when somebody decides so. `stated` are the facts that it was given for, and
 * what helps stands in it where it was asked for.
 */
export function answerAsJson(
  pack: Pack,
  stated: StatedFacts,
  answer: Answer,
  { changes, alternatives }: WhatHelps = {},
) {
  const organisation = organisationOf(pack, stated);
  return {
    verdict: answer.verdict,
    settled: answer.settled,
    complete: answer.complete,
    best: answer.best,
    worst: answer.worst,
    headline: answer.headline,
    tool: {
      id: answer.tool.id,
      name: answer.tool.name,
      listed: answer.tool.listed,
      matchedBy: answer.tool.matchedBy,
    },
    given: answer.given.map((given) => givenAsJson(pack, given)),
    ignored: [...answer.ignored],
    reasons: answer.reasons.map(keptReason),
    conditions: answer.conditions.map(keptCondition),
    nextSteps: answer.nextSteps.map((step) => nextStepAsJson(pack, organisation, step)),
    standing: keptDuties(answer.standing),
    assumptions: answer.assumptions.map((assumption) => keptAssumption(assumption, pack)),
    missing: [...answer.missing],
    next: nextAsJson(pack, answer.next),
    faults: answer.faults.map(({ rule, detail }) => ({ rule, detail })),
    ask: answer.ask === null ? null : keptContact(answer.ask),
    findOut: findOutAsJson(pack, answer.findOut),
    ...(changes === undefined ? {} : { changes: changes.map((change) => changeAsJson(pack, change)) }),
    ...(alternatives === undefined
      ? {}
      : { alternatives: alternatives.map((alternative) => alternativeAsJson(pack, alternative)) }),
    policy: keptPolicy(answer.policy),
    on: answer.on,
  };
}

const keptReason = keptJson((reason: Reason) => reasonAsJson(reason));

const keptCondition = keptJson(({ id, text, when, strength, citations }: Addition) => ({
  id,
  text,
  when,
  strength,
  citations: citations.map(citationAsJson),
}));

const keptDuties = keptJson((duties: Answer['standing']) =>
  duties.map(({ id, text, citations }) => ({ id, text, citations: citations.map(citationAsJson) })),
);

// The name of a tool can be anything that somebody types, so it is not kept.
function givenAsJson(pack: Pack, given: Given) {
  if (pack.facts.get(given.fact)?.valuesFrom !== 'tools') return keptGiven(given, pack);
  const { fact, value, origin } = given;
  return { fact, value, origin };
}

const keptGiven = keptJson(({ fact, value, origin }: Given, pack: Pack) => ({
  fact,
  value: factValueAsJson(pack, fact, value),
  origin,
}));

const keptAssumption = keptJson(({ fact, value }: Assumption, pack: Pack) => ({
  fact,
  value: factValueAsJson(pack, fact, value),
}));

const keptPolicy = keptJson(({ id, label, hash }: Answer['policy']) => ({ id, label, hash }));

const keptContact = keptJson(contactAsJson);

const keptStep = keptJson((step: Addition) => stepAsJson(step, {}));

function changeAsJson(pack: Pack, change: Change) {
  const { parts, text, facts, isEnough, verdict, settled, inTheWay } = change;
  return {
    text,
    parts: parts.map(({ fact, to, say, decidedBy }) => ({
      fact,
      value: factValueAsJson(pack, fact, to),
      text: say,
      ...(decidedBy === undefined ? {} : { decidedBy }),
    })),
    facts: factsAsJson(pack, facts),
    enough: isEnough,
    verdict,
    settled,
    pages: change.countPages(),
    inTheWay: inTheWay.map(reasonAsJson),
  };
}

function alternativeAsJson(pack: Pack, alternative: Alternative) {
  const { tool, facts, verdict, settled } = alternative;
  return {
    tool: { id: tool.id, name: tool.name, listed: tool.listed !== undefined },
    facts: factsAsJson(pack, facts),
    verdict,
    settled,
    pages: alternative.countPages(),
  };
}

function factsAsJson(pack: Pack, facts: StatedFacts) {
  return Object.fromEntries([...facts].map(([id, value]) => [id, factValueAsJson(pack, id, value)]));
}

function reasonAsJson({ rule, because, citations }: Reason) {
  return { rule, because, citations: citations.map(citationAsJson) };
}

function nextStepAsJson(pack: Pack, organisation: string | undefined, step: Addition) {
  if (step.contact === undefined) return keptStep(step);
  return stepTo(usableContact(pack, step.contact, organisation))(step);
}

function stepAsJson(
  { id, text, strength, citations }: Addition,
  reached: { readonly contact?: ReturnType<typeof contactAsJson> },
) {
  return { id, text, strength, ...reached, citations: citations.map(citationAsJson) };
}

// Whom a step leads to hangs on the asker's organisation as well, so each has its own.
const stepsTo = new WeakMap<UsableContact, (step: Addition) => ReturnType<typeof stepAsJson>>();
function stepTo(contact: UsableContact): (step: Addition) => ReturnType<typeof stepAsJson> {
  const known = stepsTo.get(contact);
  if (known !== undefined) return known;
  const made = keptJson((step: Addition) => stepAsJson(step, { contact: contactAsJson(contact) }));
  stepsTo.set(contact, made);
  return made;
}

// `reaches` differs from `name` where a contact has no address of its own and the fallback's is given.
function contactAsJson({ id, name, for: purpose, email, telephone, link, reaches }: UsableContact) {
  return { id, name, for: purpose, email, telephone, link, reaches };
}

function nextAsJson(pack: Pack, next: Answer['next']) {
  if (next === null) return null;
  const { question, facts, fact, text, why, effect, options } = next;
  return {
    question,
    facts: [...facts],
    fact,
    text,
    why,
    effect: effectAsJson(effect),
    options: options.map(({ label, hint, sets }) => ({
      label,
      ...(hint === undefined ? {} : { hint }),
      sets: Object.fromEntries(
        Object.entries(sets).map(([id, value]) => [id, factValueAsJson(pack, id, value)]),
      ),
    })),
  };
}

function effectAsJson(effect: QuestionEffect | null) {
  if (effect === null) return null;
  return {
    kind: effect.kind,
    verdicts: effect.kind === 'can-add' ? [] : [...effect.verdicts],
    text: whyAsked(effect),
  };
}

function findOutAsJson(pack: Pack, findOut: Answer['findOut']) {
  if (findOut === null) return null;
  const { fact, label, outcomes } = findOut;
  return {
    fact,
    label,
    outcomes: outcomes.map((outcome) => ({
      value: factValueAsJson(pack, fact, outcome.value),
      label: outcome.label,
      verdict: outcome.verdict,
    })),
  };
}
