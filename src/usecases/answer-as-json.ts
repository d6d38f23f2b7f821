import { type Addition, type Answer, organisationOf } from '#domain/decision/answer.ts';
import type { StatedFacts } from '#domain/decision/parse-facts.ts';
import { type UsableContact, usableContact } from '#domain/policy/contacts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { citationAsJson, factValueAsJson } from './json-values.ts';

/**
 * An answer as the API and `--json` give it. This is the public contract (docs/reference/api.md), so every field is written
 * out: what is added to `Answer` appears here only when somebody decides so. `stated` are the facts that it was given for.
 */
export function answerAsJson(pack: Pack, stated: StatedFacts, answer: Answer) {
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
    given: answer.given.map(({ fact, value, origin }) => ({
      fact,
      value: factValueAsJson(pack, fact, value),
      origin,
    })),
    ignored: [...answer.ignored],
    reasons: answer.reasons.map(({ rule, because, citations }) => ({
      rule,
      because,
      citations: citations.map(citationAsJson),
    })),
    conditions: answer.conditions.map(({ id, text, when, strength, citations }) => ({
      id,
      text,
      when,
      strength,
      citations: citations.map(citationAsJson),
    })),
    nextSteps: answer.nextSteps.map((step) => nextStepAsJson(pack, organisation, step)),
    standing: answer.standing.map(({ id, text, citations }) => ({
      id,
      text,
      citations: citations.map(citationAsJson),
    })),
    assumptions: answer.assumptions.map(({ fact, value }) => ({
      fact,
      value: factValueAsJson(pack, fact, value),
    })),
    missing: [...answer.missing],
    next: nextAsJson(pack, answer.next),
    faults: answer.faults.map(({ rule, detail }) => ({ rule, detail })),
    ask: answer.ask === null ? null : contactAsJson(answer.ask),
    findOut: findOutAsJson(pack, answer.findOut),
    policy: { id: answer.policy.id, label: answer.policy.label, hash: answer.policy.hash },
    on: answer.on,
  };
}

function nextStepAsJson(pack: Pack, organisation: string | undefined, step: Addition) {
  const { id, text, strength, contact, citations } = step;
  const reached =
    contact === undefined ? {} : { contact: contactAsJson(usableContact(pack, contact, organisation)) };
  return { id, text, strength, ...reached, citations: citations.map(citationAsJson) };
}

// `reaches` differs from `name` where a contact has no address of its own and the fallback's is given.
function contactAsJson({ id, name, for: purpose, email, telephone, link, reaches }: UsableContact) {
  return { id, name, for: purpose, email, telephone, link, reaches };
}

function nextAsJson(pack: Pack, next: Answer['next']) {
  if (next === null) return null;
  const { question, facts, fact, text, why, options } = next;
  return {
    question,
    facts: [...facts],
    fact,
    text,
    why,
    options: options.map(({ label, hint, sets }) => ({
      label,
      ...(hint === undefined ? {} : { hint }),
      sets: Object.fromEntries(
        Object.entries(sets).map(([id, value]) => [id, factValueAsJson(pack, id, value)]),
      ),
    })),
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
