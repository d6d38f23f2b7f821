import { isPermission } from '#domain/shared/verdict.ts';
import { serviceErrors } from '#platform/errors.ts';
import { factValueAsJson } from '#usecases/json-values.ts';
import type { Needs } from '#usecases/needs.ts';
import { findOrdinaryCase } from '#usecases/ordinary-case.ts';
import type { PageModel } from '../render.ts';
import { page, type View } from './page.ts';

export type ApiModel = PageModel & {
  readonly command: string;
  readonly reply: string;
  readonly calls: readonly { readonly call: string; readonly does: string }[];
  /** Every error: its `type` leads to its place on this page. */
  readonly problems: readonly { readonly code: string; readonly status: number; readonly title: string }[];
};

const calls = [
  { call: 'POST /api/v1/decisions', does: 'answers a question, with reasons, conditions and next steps' },
  {
    call: 'GET /api/v1/tools?q=…',
    does: 'finds tools by name, alias, old name, typing mistake or web address',
  },
  { call: 'GET /api/v1/tools/{id}', does: 'shows one tool' },
  { call: 'GET /api/v1/facts', does: 'lists what can be stated, with every value' },
  { call: 'GET /api/v1/rules', does: 'lists the rules in force' },
  { call: 'GET /api/v1/statements', does: 'lists every statement of the guidance, and where it lives' },
  {
    call: 'GET /api/v1/matrix',
    does: 'decides each tool that the guidance names with each kind of information',
  },
  { call: 'GET /api/v1/me', does: 'says whom an access token is for' },
  { call: 'GET /api/v1/me/changes', does: 'lists what changed of one’s own saved answers' },
  { call: 'GET /api/v1/usage', does: 'counts what was asked, without people (policy owners)' },
  { call: 'GET /api/v1/audit', does: 'lists events of the audit trail (administrators)' },
];

/** The API for people: what it does, and one example that runs as it stands. */
export const apiView: View = (web) => {
  const { facts, reply } = exampleOf(web.needs);
  return page<ApiModel>(web, 'api', {
    title: 'Use the API',
    command: commandFor(web.config.baseUrl, facts),
    reply,
    calls,
    problems: Object.entries(serviceErrors).map(([code, { status, title }]) => ({ code, status, title })),
  });
};

type Facts = Readonly<Record<string, string | boolean>>;

// An example of the pack's own, so that it is right for whatever guidance is in force: the first rule that permits a listed
// tool. What the example leaves out is filled in with what is ordinary, so that the answer is settled.
function exampleOf(needs: Needs): { readonly facts: Facts; readonly reply: string } {
  const { pack } = needs.policy();
  const isListed = (tool: unknown) =>
    typeof tool === 'string' && pack.tools.get(tool)?.listed?.on !== undefined;
  const permissions = pack.rules.filter(({ verdict }) => verdict !== null && isPermission(verdict));
  const examples = permissions.flatMap((rule) => rule.examples.filter(({ applies }) => applies));
  const example = examples.find(({ facts }) => isListed(facts.tool)) ?? examples[0];
  const given = Object.entries(example?.facts ?? {}).map(([fact, value]) => [fact, String(value)] as const);
  const found = findOrdinaryCase(needs, Object.fromEntries(given));
  if (found === null) return { facts: {}, reply: '{}' };
  const { stated, answer } = found.standing;
  const { verdict, settled, headline, reasons } = answer;
  const [reason] = reasons.filter((one) => one.verdict === verdict);
  const because = reason === undefined ? [] : [{ rule: reason.rule, because: reason.because }];
  return {
    facts: Object.fromEntries([...stated].map(([fact, value]) => [fact, factValueAsJson(pack, fact, value)])),
    reply: JSON.stringify({ verdict, settled, headline, reasons: because }, null, 2),
  };
}

function commandFor(baseUrl: string, facts: Facts): string {
  const body = JSON.stringify({ facts }, null, 2).replaceAll("'", "'\\''");
  return `curl ${baseUrl}/api/v1/decisions \\\n  --header 'Content-Type: application/json' \\\n  --data '${body}'`;
}
