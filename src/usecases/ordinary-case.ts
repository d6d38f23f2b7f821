import type { Reason } from '#domain/decision/answer.ts';
import type { Origin, Pack } from '#domain/policy/pack.ts';
import { findStanding, type Standing } from './ask-page.ts';
import type { Needs } from './needs.ts';

/** What stands where everything that is left unsaid is as it ordinarily is, and what could still be said at best. */
export type OrdinaryCase = {
  readonly standing: Standing;
  /** The milder of what may still be reached with other answers. */
  readonly best: Standing['answer']['best'];
  /** The reasons that are about the tool or its kind, and not only about what somebody does. */
  readonly aboutTool: readonly Reason[];
};

/**
 * The answer for these facts when every other fact that matters has the value that the pack calls ordinary: an account,
 * a device and information as most people have them. Null where the facts cannot be read.
 */
export function findOrdinaryCase(needs: Needs, facts: Readonly<Record<string, string>>): OrdinaryCase | null {
  const { pack } = needs.policy();
  const first = findStanding(needs, facts);
  if (first.outcome !== 'ok') return null;
  let standing = first.standing;
  // Each round states at least one more fact, so this ends.
  for (;;) {
    const unsaid = standing.answer.missing.flatMap((id) => {
      const value = pack.facts.get(id)?.ordinary ?? pack.facts.get(id)?.default;
      return value === undefined ? [] : [[id, value] as const];
    });
    if (unsaid.length === 0) break;
    const next = findStanding(needs, {
      ...Object.fromEntries(standing.stated),
      ...Object.fromEntries(unsaid),
    });
    if (next.outcome !== 'ok' || next.standing.stated.size === standing.stated.size) break;
    standing = next.standing;
  }
  const { verdict, reasons } = standing.answer;
  const own = rulesAboutTools(pack);
  const aboutTool = reasons.filter((reason) => reason.verdict !== null && own.has(reason.rule));
  // The deciding ones first.
  const sorted = [
    ...aboutTool.filter((reason) => reason.verdict === verdict),
    ...aboutTool.filter((reason) => reason.verdict !== verdict),
  ];
  return { standing, best: first.standing.answer.best, aboutTool: sorted };
}

const rulesOf = new WeakMap<Pack, ReadonlySet<string>>();

function rulesAboutTools(pack: Pack): ReadonlySet<string> {
  const known = rulesOf.get(pack);
  if (known !== undefined) return known;
  // What a register holds, such as the rules of an organisation, is about the tool too.
  const origins: readonly (Origin | undefined)[] = ['catalogue', 'register'];
  const isAboutTool = (id: string) => {
    const fact = pack.facts.get(id);
    return fact?.valuesFrom === 'tools' || origins.includes(fact?.origin);
  };
  const made = new Set(
    pack.rules.filter(({ when }) => [...when.keys()].some(isAboutTool)).map(({ id }) => id),
  );
  rulesOf.set(pack, made);
  return made;
}
