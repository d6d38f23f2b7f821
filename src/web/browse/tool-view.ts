import type { Citation } from '#domain/decision/answer.ts';
import type { Pack, Tool } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { isPermission } from '#domain/shared/verdict.ts';
import { catalogueFact } from '#usecases/catalogue-facts.ts';
import { showInstead } from '#usecases/find-what-helps.ts';
import { getTool, type ToolDetail } from '#usecases/get-tool.ts';
import type { Needs } from '#usecases/needs.ts';
import type { OrdinaryCase } from '#usecases/ordinary-case.ts';
import { hrefOf } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import { type ContactModel, contactModel } from './contact-model.ts';
import { guidanceHref, pagesAbout } from './guidance-address.ts';
import { factsCarried, factsKept } from './kept-facts.ts';
import { page, type View } from './page.ts';
import { type SourceModel, sourcesOf } from './sources.ts';
import { meaningsHref } from './status-meaning.ts';
import { gettingToolsHref, type WayToGet, waysToGet } from './tool-get.ts';
import { toolMissingView } from './tool-missing-view.ts';
import { itDepends, ordinaryWork, reasonsFor, shortAnswer, usesOf, usualAnswer } from './tool-uses.ts';
import { datedText } from './tools-view.ts';

export type ToolModel = PageModel & {
  readonly name: string;
  /** Whether a document names the tool. */
  readonly isNamed: boolean;
  readonly short: string;
  readonly startHref: string;
  readonly note: string | null;
  readonly reasons: readonly { readonly text: string; readonly sources: readonly SourceModel[] }[];
  readonly listing: ListingModel;
  readonly uses: readonly { readonly text: string; readonly answer: string; readonly href: string }[];
  /** Whether the answers for ordinary work say anything. */
  readonly hasAnswers: boolean;
  readonly ordinary: readonly { readonly label: string; readonly value: string }[];
  /** What to do today about a tool that nobody lists. */
  readonly today: readonly StepModel[];
  readonly meanwhile: readonly Linked[];
  readonly get: readonly WayToGet[];
  readonly getHref: string | null;
  readonly names: NamesModel;
  readonly formerlyListed: { readonly dated: string; readonly note: string } | null;
  readonly domains: readonly string[];
  readonly related: readonly (Linked & { readonly summary: string })[];
};

type Linked = { readonly text: string; readonly href: string };

type ListingModel = {
  readonly kind: string | null;
  readonly status: string | null;
  readonly meaning: string | null;
  readonly meaningsHref: string | null;
  readonly dated: string | null;
  readonly sources: readonly SourceModel[];
};

type StepModel = {
  readonly text: string;
  readonly contact: ContactModel | null;
  readonly link: Linked | null;
};

type NamesModel = {
  readonly aliases: readonly string[];
  readonly old: readonly string[];
  readonly new: readonly { readonly name: string; readonly href: string | null }[];
};

/** “Can I use Trello for work?”: a short address that stays, with what the guidance says of the tool. */
export const toolView: View = (web, asked) => {
  const { pack } = web.needs.policy();
  const got = getTool(web.needs, asked.params.id ?? '');
  if (got.outcome !== 'ok') return toolMissingView(web, asked);
  const { tool } = got.detail;
  const kept = factsKept(pack, asked.query);
  const uses = usesOf(web.needs, tool, kept);
  const [first] = uses;
  const isNamed = tool.listed !== undefined;
  const refused =
    isNamed || first === undefined || isPermission(first.found.standing.answer.verdict)
      ? undefined
      : first.found;
  const answers = uses.map(({ found }) => usualAnswer(tool, found));
  const cited = uses.flatMap(({ found }) => found.aboutTool[0]?.citations ?? []);
  const clauses = [...(tool.listed?.cites ?? []), ...clausesOf(cited)];
  return page<ToolModel>(web, 'tool', {
    title: `Can I use ${tool.phrase ?? tool.name} for work?`,
    breadcrumbs: [
      { text: 'Home', href: hrefOf('/', kept) },
      { text: 'All tools', href: hrefOf('/tools', kept) },
    ],
    section: '/tools',
    name: tool.phrase ?? tool.name,
    isNamed,
    short: shortAnswer(pack, tool, uses),
    startHref: checkHref(tool, factsCarried(pack, asked.query)),
    note: tool.note ?? null,
    reasons: reasonsFor(tool, uses).map(({ because, citations }) => ({
      text: because,
      sources: sourcesOf(pack, clausesOf(citations)),
    })),
    listing: listingOf(pack, got.detail),
    hasAnswers: answers.some((answer) => answer !== itDepends),
    uses: uses.map(({ fact, value, label, found }) => ({
      text: label,
      answer: usualAnswer(tool, found),
      href: checkHref(tool, new Map([...kept, [fact, value]])),
    })),
    ordinary: first === undefined ? [] : ordinaryWork(pack, first, kept),
    today: refused === undefined ? [] : stepsOf(pack, refused),
    meanwhile: refused === undefined ? [] : meanwhileOf(web.needs, refused, kept),
    get: waysToGet(pack, tool),
    getHref: gettingToolsHref(pack),
    names: namesOf(web.needs, tool, kept),
    formerlyListed: formerListing(tool),
    domains: tool.domains,
    related: relatedTo(pack, clauses),
  });
};

function clausesOf(citations: readonly Citation[]): string[] {
  return citations.map(({ clause }) => clause);
}

function listingOf(pack: Pack, { tool, kind, status }: ToolDetail): ListingModel {
  const [kindFact, statusFact] = [catalogueFact(pack, 'kind'), catalogueFact(pack, 'status')];
  const hasStatus = status !== null && status.id !== statusFact?.default;
  return {
    kind: kind === null || kind.id === kindFact?.default ? null : kind.label,
    status: hasStatus ? status.label : null,
    meaning: hasStatus ? (status.hint ?? null) : null,
    meaningsHref: hasStatus ? meaningsHref(pack) : null,
    dated: datedText(pack, tool),
    sources: sourcesOf(pack, tool.listed?.cites ?? []),
  };
}

function stepsOf(pack: Pack, { standing }: OrdinaryCase): StepModel[] {
  const shown = new Set<string>();
  // Several steps lead to the same page or the same people: once is enough.
  const isNew = (id: string | undefined): id is string => {
    if (id === undefined || shown.has(id)) return false;
    shown.add(id);
    return true;
  };
  return standing.answer.nextSteps.map(({ text, contact, page: id }) => {
    const about = isNew(id) ? pack.guidancePages.get(id) : undefined;
    const who =
      contact === undefined ? undefined : contactModel(pack, contact, { subject: standing.answer.headline });
    return {
      text,
      contact: who !== undefined && isNew(who.ways[0]?.text) ? who : null,
      link: about === undefined ? null : { text: about.title, href: guidanceHref(about.id) },
    };
  });
}

function meanwhileOf(needs: Needs, { standing }: OrdinaryCase, kept: ReadonlyMap<string, string>): Linked[] {
  return showInstead(needs, standing).map(({ tool }) => ({
    text: tool.name,
    href: hrefOf(`/tools/${tool.id}`, kept),
  }));
}

function namesOf(needs: Needs, tool: Tool, kept: ReadonlyMap<string, string>): NamesModel {
  const { catalogue } = needs.policy();
  return {
    aliases: tool.aliases,
    old: tool.oldNames,
    new: tool.newNames.map((name) => {
      const found = catalogue.find(name);
      const other = found.ok ? found.match.tool : null;
      return {
        name,
        href: other === null || other.id === tool.id ? null : hrefOf(`/tools/${other.id}`, kept),
      };
    }),
  };
}

function formerListing({ formerlyListed }: Tool): ToolModel['formerlyListed'] {
  return formerlyListed === undefined
    ? null
    : { dated: dayInWords(formerlyListed.on), note: formerlyListed.note };
}

function relatedTo(pack: Pack, clauses: readonly string[]): ToolModel['related'] {
  return pagesAbout(pack, clauses, 3).map(({ id, title, summary }) => ({
    text: title,
    href: guidanceHref(id),
    summary,
  }));
}

function checkHref(tool: Tool, facts: ReadonlyMap<string, string>): string {
  return hrefOf('/check', new Map([...facts, ['tool', tool.id]]));
}
