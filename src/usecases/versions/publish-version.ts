import { type Actor, type PersonActing, system } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { type Day, daysAfter, isDay } from '#domain/shared/day.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { typedText, typedTextProblem } from '#domain/shared/typed-text.ts';
import { longestProposalWords, type Proposal } from '#domain/versions/proposal.ts';
import { inForceAt, type Publication, type PublicationReason } from '#domain/versions/publication.ts';
import type { Store } from '#store/store.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { ReadGuidance } from '../needs.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from '../people/people-needs.ts';
import { effectiveAt, isOutdated, replacedBy } from './effective.ts';
import { isOnTrial } from './on-trial.ts';
import { outdateOthers } from './outdate-others.ts';
import { namesToAcknowledge, type VersionReview } from './review-version.ts';
import { tellOthers, tellProposer } from './tell-owners.ts';

/** What somebody wants to publish, as it was typed. */
export type PublishingWish = {
  readonly hash: string;
  /** The first day; empty: at once. */
  readonly on: string;
  /** Names of loosenings that are meant. */
  readonly acknowledged: readonly string[];
  readonly words: string;
};

export type PublishingProblem = {
  readonly field: 'on' | 'acknowledged' | 'words' | 'version';
  readonly detail: string;
  /** What is to be acknowledged. */
  readonly name?: string;
};

export type Problems = { readonly outcome: 'problems'; readonly problems: readonly PublishingProblem[] };
export type NotFound = { readonly outcome: 'not-found' };

/** Works out what a version would do in the place of another one, from a day on: in a thread, or here. */
export type ReviewOf = (
  before: { readonly hash: string; readonly guidance: ReadGuidance },
  after: { readonly hash: string; readonly guidance: ReadGuidance },
  from: Day,
) => Promise<VersionReview>;

const furthestDays = 5 * 365;

/**
 * Proposes that a version comes into force. It waits for a second person. What lets people do more has to be acknowledged by its names;
 * a version with errors, or that does not prove sound, is not taken.
 */
export async function proposeVersion(
  needs: PeopleNeeds,
  actor: Actor,
  wish: PublishingWish,
  reviewOf: ReviewOf,
  origin: Origin,
): Promise<{ readonly outcome: 'ok'; readonly proposal: Proposal } | Problems | NotFound | NotAllowed> {
  if (!may(actor, 'propose-version') || actor.kind !== 'person') return notAllowed;
  const { store } = needs;
  const version = await store.policyVersions.load(wish.hash);
  if (version === null) return { outcome: 'not-found' };
  const words = typedText(wish.words);
  const today = needs.today();
  const typed = [
    ...dayProblems(wish.on, today),
    ...(words === ''
      ? [{ field: 'words', detail: 'Enter why this version should come into force' } as const]
      : wordsProblems(words)),
  ];
  // A version that begins today begins at once.
  const on = wish.on === '' || wish.on === today ? null : wish.on;
  if (typed.some(({ field }) => field === 'on')) return { outcome: 'problems', problems: typed };
  const at = needs.now().toISOString();
  const base = replacedBy(await store.publications.after(0), on, at);
  if (base === null)
    return problem(
      'Nothing is in force yet. Start a server first: it publishes the guidance that it ships with',
    );
  if (base.hash === wish.hash)
    return problem(
      on === null ? 'This version is in force already' : 'This version will be in force on that day already',
    );
  const before = await store.policyVersions.load(base.hash);
  if (before === null) throw new Error(`the version ${base.hash} was published and is not kept`);
  const review = await reviewOf(before, version, on ?? today);
  const problems = [...typed, ...reviewProblems(review, wish.acknowledged)];
  if (problems.length > 0) return { outcome: 'problems', problems };
  const proposal: Proposal = {
    id: needs.newId(),
    hash: wish.hash,
    baseHash: base.hash,
    effectiveOn: on,
    acknowledged: namesToAcknowledge(review),
    words,
    proposedBy: actor.id,
    proposerName: actor.name,
    proposedAt: at,
    state: 'open',
    decidedBy: null,
    decidedAt: null,
    decisionWords: '',
  };
  return store.inOneTransaction(async (inside) => {
    if (isOutdated(await inside.publications.after(0), proposal, at))
      return problem('Another version was published in the meantime. Look at the difference again');
    if (!(await inside.proposals.add(proposal)))
      return problem('This version is proposed already, and waits for a second person');
    const what = { actor: actor.id, action: 'version-proposed', entry: `version:${wish.hash}` } as const;
    await inside.audit.record(
      auditEvent(needs, what, origin, {
        proposal: proposal.id,
        label: version.label,
        inPlaceOf: base.hash,
        effectiveOn: on ?? 'at once',
        acknowledged: proposal.acknowledged,
        words,
      }),
    );
    await tellOthers(needs, inside, proposal, version.label);
    return { outcome: 'ok', proposal };
  });
}

export type Agreed =
  | { readonly outcome: 'ok'; readonly publication: Publication }
  /** Another version came between: the proposal is at an end, and can be made again. */
  | { readonly outcome: 'outdated' }
  /** Somebody has decided already, or it was withdrawn. */
  | { readonly outcome: 'not-open' }
  /** It takes a second person. */
  | { readonly outcome: 'own' }
  | Problems
  | NotFound
  | NotAllowed;

/** Agrees to what somebody else proposed: it is published, at once or for its day. */
export async function agreeToVersion(
  needs: PeopleNeeds,
  actor: Actor,
  { id, words: typed }: { readonly id: string; readonly words: string },
  origin: Origin,
): Promise<Agreed> {
  if (!may(actor, 'agree-to-version') || actor.kind !== 'person') return notAllowed;
  const words = typedText(typed);
  const problems = wordsProblems(words);
  if (problems.length > 0) return { outcome: 'problems', problems };
  const proposal = await needs.store.proposals.get(id);
  if (proposal === null) return { outcome: 'not-found' };
  if (proposal.proposedBy === actor.id) return { outcome: 'own' };
  const version = await needs.store.policyVersions.load(proposal.hash);
  if (version?.guidance.ready == null)
    return problem('This server cannot read the version, so that it cannot come into force');
  try {
    return await needs.store.inOneTransaction((inside) =>
      publishProposed(needs, inside, { actor, id, words, label: version.label }, origin),
    );
  } catch (error) {
    if (!(error instanceof DecidedMeanwhile)) throw error;
    return { outcome: 'not-open' };
  }
}

// Between looking at a proposal and publishing it somebody has decided on it: nothing of the transaction is kept.
class DecidedMeanwhile extends Error {}

// INVARIANT: the publication is added first and the proposals are changed after it. Whoever publishes at the same time waits there, and
// holds nothing that somebody waits for (test/journeys/versions.test.ts).
async function publishProposed(
  needs: PeopleNeeds,
  inside: Store,
  {
    actor,
    id,
    words,
    label,
  }: { readonly actor: PersonActing; readonly id: string; readonly words: string; readonly label: string },
  origin: Origin,
): Promise<Agreed> {
  const proposal = await inside.proposals.get(id);
  if (proposal?.state !== 'open') return { outcome: 'not-open' };
  const { hash, effectiveOn, baseHash: base, proposedBy } = proposal;
  const added = await addPublication(needs, inside, {
    hash,
    effectiveOn,
    base,
    why: 'agreed',
    proposedBy,
    agreedBy: actor.id,
  });
  const at = needs.now().toISOString();
  if (added === null) {
    if (!(await inside.proposals.decide(id, 'open', { state: 'outdated', by: system, at, words: '' })))
      return { outcome: 'not-open' };
    const what = { actor: system, action: 'version-outdated', entry: `version:${hash}` } as const;
    await inside.audit.record(auditEvent(needs, what, null, { proposal: id }));
    await tellProposer(needs, inside, proposal, 'outdated');
    return { outcome: 'outdated' };
  }
  if (!(await inside.proposals.decide(id, 'open', { state: 'agreed', by: actor.id, at, words })))
    throw new DecidedMeanwhile();
  const { publication } = added;
  const what = { actor: actor.id, action: 'version-published', entry: `version:${hash}` } as const;
  const { number, effectiveAt: begins } = publication;
  const more = { number, label, why: 'agreed', proposal: id, proposedBy, effectiveAt: begins, words };
  await inside.audit.record(auditEvent(needs, what, origin, more));
  await tellProposer(needs, inside, proposal, 'agreed');
  await outdateOthers(needs, inside, added.all, at);
  return { outcome: 'ok', publication };
}

export type Ended =
  | { readonly outcome: 'ok' }
  | { readonly outcome: 'not-open' }
  | { readonly outcome: 'own' }
  | Problems
  | NotFound
  | NotAllowed;

/** Refuses what somebody else proposed, and says why. */
export async function refuseVersion(
  needs: PeopleNeeds,
  actor: Actor,
  { id, words: typed }: { readonly id: string; readonly words: string },
  origin: Origin,
): Promise<Ended> {
  if (!may(actor, 'agree-to-version') || actor.kind !== 'person') return notAllowed;
  const words = typedText(typed);
  const problems =
    words === '' ? [{ field: 'words', detail: 'Enter why you refuse it' } as const] : wordsProblems(words);
  if (problems.length > 0) return { outcome: 'problems', problems };
  const proposal = await needs.store.proposals.get(id);
  if (proposal === null) return { outcome: 'not-found' };
  if (proposal.proposedBy === actor.id) return { outcome: 'own' };
  return needs.store.inOneTransaction(async (inside): Promise<Ended> => {
    const at = needs.now().toISOString();
    if (!(await inside.proposals.decide(id, 'open', { state: 'refused', by: actor.id, at, words })))
      return { outcome: 'not-open' };
    const what = { actor: actor.id, action: 'version-refused', entry: `version:${proposal.hash}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin, { proposal: id, words }));
    await tellProposer(needs, inside, proposal, 'refused');
    return { outcome: 'ok' };
  });
}

/** Takes back what one has proposed oneself. Somebody else’s is not found. */
export async function withdrawVersion(
  needs: PeopleNeeds,
  actor: Actor,
  id: string,
  origin: Origin,
): Promise<Ended> {
  if (!may(actor, 'propose-version') || actor.kind !== 'person') return notAllowed;
  return needs.store.inOneTransaction(async (inside): Promise<Ended> => {
    const proposal = await inside.proposals.get(id);
    if (proposal === null || proposal.proposedBy !== actor.id) return { outcome: 'not-found' };
    const at = needs.now().toISOString();
    if (!(await inside.proposals.decide(id, 'open', { state: 'withdrawn', by: actor.id, at, words: '' })))
      return { outcome: 'not-open' };
    const what = { actor: actor.id, action: 'version-withdrawn', entry: `version:${proposal.hash}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin, { proposal: id }));
    return { outcome: 'ok' };
  });
}

/**
 * Publishes a version at once without anybody’s agreement: only where there is only the trial sign-in, since nobody there has proved
 * who they are.
 */
export async function publishOnTrial(
  needs: PeopleNeeds,
  hash: string,
): Promise<
  | { readonly outcome: 'ok'; readonly publication: Publication }
  | { readonly outcome: 'in-force' }
  | Problems
  | NotFound
  | NotAllowed
> {
  if (!(await isOnTrial(needs, needs.store))) return notAllowed;
  const version = await needs.store.policyVersions.load(hash);
  if (version === null) return { outcome: 'not-found' };
  if (version.guidance.ready === null)
    return problem('This version cannot be read, so that it cannot come into force');
  return needs.store.inOneTransaction(async (inside) => {
    const at = needs.now().toISOString();
    const all = await inside.publications.after(0);
    if (
      inForceAt(all, at)?.hash === hash &&
      replacedBy(all, daysAfter(needs.today(), furthestDays), at)?.hash === hash
    )
      return { outcome: 'in-force' };
    const added = await addPublication(needs, inside, {
      hash,
      effectiveOn: null,
      base: null,
      why: 'trial',
      proposedBy: system,
      agreedBy: system,
    });
    if (added === null) throw new Error('what takes the place of anything cannot be outdated');
    const { publication: published, all: now } = added;
    await outdateOthers(needs, inside, now, at);
    const what = { actor: system, action: 'version-published', entry: `version:${hash}` } as const;
    const more = {
      number: published.number,
      label: version.label,
      why: 'trial',
      effectiveAt: published.effectiveAt,
    };
    await inside.audit.record(auditEvent(needs, what, null, more));
    return { outcome: 'ok', publication: published };
  });
}

type ToAdd = {
  readonly hash: string;
  readonly effectiveOn: Day | null;
  /** What it must take the place of; null: whatever there is. */
  readonly base: string | null;
  readonly why: PublicationReason;
  readonly proposedBy: string;
  readonly agreedBy: string;
};

// Null: another version came between. Where somebody publishes at the same time, what was there is looked at again.
async function addPublication(
  needs: PeopleNeeds,
  inside: Store,
  { hash, effectiveOn, base, ...rest }: ToAdd,
): Promise<{ readonly publication: Publication; readonly all: readonly Publication[] } | null> {
  for (;;) {
    const at = needs.now().toISOString();
    const all = await inside.publications.after(0);
    if (base !== null && isOutdated(all, { baseHash: base, effectiveOn }, at)) return null;
    const last = all.at(-1)?.number ?? 0;
    const publication = { ...rest, hash, effectiveAt: effectiveAt(effectiveOn, at), publishedAt: at };
    if (!(await inside.publications.addAfter(last, publication))) continue;
    const published = { ...publication, number: last + 1 };
    return { publication: published, all: [...all, published] };
  }
}

function wordsProblems(words: string): PublishingProblem[] {
  const detail = typedTextProblem('What you write', words, longestProposalWords);
  return detail === null ? [] : [{ field: 'words', detail }];
}

function dayProblems(on: string, today: Day): PublishingProblem[] {
  if (on === '') return [];
  if (!isDay(on)) return [{ field: 'on', detail: 'The first day must be a real date' }];
  if (on < today) return [{ field: 'on', detail: 'The first day must be today or later' }];
  if (on > daysAfter(today, furthestDays))
    return [{ field: 'on', detail: 'The first day must be within five years from today' }];
  return [];
}

function reviewProblems(review: VersionReview, acknowledged: readonly string[]): PublishingProblem[] {
  if (review.faults.length > 0)
    return review.faults.map((fault) => ({
      field: 'version',
      detail: `This version cannot be published: ${fault}`,
    }));
  const names = namesToAcknowledge(review);
  return [
    ...names
      .filter((name) => !acknowledged.includes(name))
      .map(
        (name): PublishingProblem => ({
          field: 'acknowledged',
          detail: `Acknowledge that this is meant: ${name}`,
          name,
        }),
      ),
    ...acknowledged
      .filter((name) => !names.includes(name))
      .map((name): PublishingProblem => {
        const nearest = nearestName(name, names);
        const meant = nearest === undefined ? '' : `. Did you mean \`${nearest}\`?`;
        return { field: 'acknowledged', detail: `\`${name}\` is nothing that gets milder here${meant}` };
      }),
  ];
}

function problem(detail: string): Problems {
  return { outcome: 'problems', problems: [{ field: 'version', detail }] };
}
