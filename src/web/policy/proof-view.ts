import type { Pack } from '#domain/policy/pack.ts';
import { type Finding, type FindingKind, findingKinds } from '#domain/proof/finding.ts';
import type { ProvedPromise } from '#domain/proof/promises.ts';
import type { Proof } from '#domain/proof/prove.ts';
import type { VerdictCounts } from '#domain/proof/reach.ts';
import type { SituationFacts } from '#domain/proof/situation.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { verdicts } from '#domain/shared/verdict.ts';
import { shortHash } from '#domain/versions/version-name.ts';
import { type ProvedGuidance, type ProvedPeriod, situationAddress } from '#usecases/prove-guidance.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { verdictWords } from '../words.ts';

export type ProofModel = PageModel & {
  readonly isSound: boolean;
  readonly hasMatrix: boolean;
  readonly on: string;
  readonly hash: string;
  readonly periods: readonly PeriodModel[];
};

type PeriodModel = {
  /** Null where there is but one period. */
  readonly heading: string | null;
  readonly tangled: readonly string[] | null;
  readonly situations: string;
  readonly verdicts: readonly string[];
  readonly shares: readonly { readonly label: string; readonly share: string }[];
  readonly kinds: readonly { readonly label: string; readonly shares: readonly string[] }[];
  readonly promises: readonly PromiseModel[];
  readonly promisesText: string;
  readonly findings: readonly FindingsModel[];
};

type Link = { readonly text: string; readonly hidden: string; readonly href: string };
type CitationModel = { readonly id: string; readonly href: string };

type PromiseModel = {
  readonly text: string;
  readonly holds: boolean;
  readonly broken: string | null;
  readonly link: Link | null;
  readonly cites: readonly CitationModel[];
};

type FindingsModel = {
  readonly heading: string;
  readonly hint: string;
  readonly count: string;
  readonly open: readonly FindingModel[];
  readonly acknowledged: readonly FindingModel[];
};

type FindingModel = { readonly text: string; readonly why: string | null; readonly link: Link | null };

/** What was proved of the guidance, for its owners. */
export function proofView(web: Web, proved: ProvedGuidance): ProofModel {
  const { pack, hash } = web.needs.policy();
  return {
    title: 'What is proved of this guidance',
    policyLabel: pack.label,
    isSound: proved.isSound,
    hasMatrix: pack.matrix !== null,
    on: dayInWords(proved.on),
    hash: shortHash(hash),
    periods: proved.periods.map((period) =>
      periodModel(pack, period, proved.on, proved.periods.length === 1),
    ),
  };
}

function periodModel(
  pack: Pack,
  { from, until, result }: ProvedPeriod,
  on: string,
  isOnly: boolean,
): PeriodModel {
  const heading = isOnly
    ? null
    : `From ${dayInWords(from)}${until === null ? '' : ` until before ${dayInWords(until)}`}`;
  const words = verdicts.map((verdict) => verdictWords[verdict].label);
  if (result.outcome === 'tangled') {
    const titles = result.rules.map((id) => titleOf(pack, id));
    const nothing = { situations: '', shares: [], kinds: [], promises: [], promisesText: '', findings: [] };
    return { heading, tangled: titles, verdicts: words, ...nothing };
  }
  const { proof } = result;
  const link = (situation: SituationFacts | null, text: string, hidden: string): Link | null => {
    const href = situationAddress(situation, { on, from });
    return href === null ? null : { text, hidden, href };
  };
  return {
    heading,
    tangled: null,
    situations: String(proof.situations).replaceAll(/\B(?=(\d{3})+$)/g, ','),
    verdicts: words,
    shares: sharesOf(proof.byVerdict).map((share, index) => ({ label: words[index] ?? '', share })),
    kinds: proof.reach.map(({ label, byVerdict }) => ({ label, shares: sharesOf(byVerdict) })),
    promises: proof.promises
      .toSorted((a, b) => Number(a.holds) - Number(b.holds))
      .map((one) => promiseModel(one, link)),
    promisesText: promisesText(proof.promises),
    findings: findingKinds.map((kind) => findingsModel(pack, proof, kind, link)),
  };
}

type ToLink = (situation: SituationFacts | null, text: string, hidden: string) => Link | null;

function promisesText(promises: readonly ProvedPromise[]): string {
  const broken = promises.filter(({ holds }) => !holds).length;
  if (broken === 0) return `All ${promises.length} hold, in every situation.`;
  return `${broken} of ${promises.length} ${broken === 1 ? 'is' : 'are'} broken.`;
}

function promiseModel({ promise, holds, broken }: ProvedPromise, link: ToLink): PromiseModel {
  return {
    text: promise.text,
    holds,
    broken: broken === null ? null : `The answer is “${verdictWords[broken.verdict].label}”.`,
    link: broken === null ? null : link(broken.situation, 'See a situation that breaks it', promise.text),
    cites: promise.cites.map((id) => ({ id, href: `/statements#${id}` })),
  };
}

const findingWords: Readonly<Record<FindingKind, { readonly heading: string; readonly hint: string }>> = {
  gap: {
    heading: 'What no rule permits or forbids',
    hint: 'The answer there is to ask, and says so. Each stands for something that the documents leave open.',
  },
  'never-decides': {
    heading: 'Rules that decide nothing and add nothing',
    hint: 'Every situation has the same answer without them.',
  },
  'never-applies': {
    heading: 'Rules that can never apply',
    hint: 'There is no situation today that meets them.',
  },
  'never-reached': {
    heading: 'Conditions that reach nobody',
    hint: 'No rule that can apply asks for them.',
  },
  'verdict-unreachable': {
    heading: 'Answers that a kind of tool never gets',
    hint: 'Each is right where a promise says so.',
  },
  overlap: {
    heading: 'What one rule permits and another forbids',
    hint: 'The strictest rule wins. Each is right where somebody has looked at it.',
  },
};

function findingsModel(pack: Pack, { findings }: Proof, kind: FindingKind, link: ToLink): FindingsModel {
  const own = findings.filter((one) => one.kind === kind);
  const model = (finding: Finding): FindingModel => {
    const text = textOf(pack, finding);
    return { text, why: whyOf(pack, finding), link: link(finding.situation, 'See one such situation', text) };
  };
  const open = own.filter(({ acknowledged }) => acknowledged === null).map(model);
  const acknowledged = own.filter((one) => one.acknowledged !== null).map(model);
  return { ...findingWords[kind], count: countOf(open, acknowledged), open, acknowledged };
}

function countOf(open: readonly FindingModel[], acknowledged: readonly FindingModel[]): string {
  if (open.length + acknowledged.length === 0) return 'None.';
  const seen = `${acknowledged.length} that somebody has looked at`;
  return open.length === 0 ? `${seen}.` : `${open.length} to look at, and ${seen}.`;
}

function textOf(pack: Pack, { kind, about, text }: Finding): string {
  const [first = '', second = '', third = ''] = about;
  switch (kind) {
    case 'overlap':
      return `“${titleOf(pack, first)}” forbids what “${titleOf(pack, second)}” permits.`;
    case 'never-applies':
    case 'never-decides':
      return titleOf(pack, first);
    case 'never-reached':
      return pack.conditions.get(first)?.text ?? first;
    case 'verdict-unreachable': {
      const fact = pack.facts.get(second);
      const kindOfTool = fact?.values.find(({ id }) => id === third)?.label ?? third;
      const verdict = verdicts.find((one) => one === first);
      const label = verdict === undefined ? first : verdictWords[verdict].label;
      return fact === undefined ? `Nothing gets “${label}”.` : `${kindOfTool}: never “${label}”.`;
    }
    default:
      return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  }
}

// A gap's own text is its reason, and a kind of tool is acknowledged by a promise that stands above.
function whyOf(pack: Pack, { kind, about, acknowledged }: Finding): string | null {
  if (acknowledged === null || kind === 'gap') return null;
  if (kind !== 'verdict-unreachable') return acknowledged;
  return pack.promises.find(({ id }) => acknowledged.includes(`\`${id}\``))?.text ?? about[0] ?? null;
}

function titleOf(pack: Pack, id: string): string {
  return pack.rules.find((rule) => rule.id === id)?.title ?? id;
}

// Numbers of situations are too large to mean anything to a reader, so that pages show shares.
function sharesOf(counts: VerdictCounts): string[] {
  const all = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0n);
  return verdicts.map((verdict) => {
    const count = counts[verdict];
    if (count === 0n) return 'none';
    const hundredths = Number((count * 10_000n + all / 2n) / all);
    if (hundredths === 0) return 'under 0.01%';
    return count === all ? 'all' : `${(Math.min(hundredths, 9_999) / 100).toFixed(2)}%`;
  });
}
