import type { Day } from '../shared/day.ts';
import type { Verdict } from '../shared/verdict.ts';
import type { BlockData } from './pack-files.ts';
import type { Place } from './problem.ts';

/** Value sets on facts: all of them must hold. Values are text; booleans are `true` and `false`. */
export type When = ReadonlyMap<string, ReadonlySet<string>>;

/** The value of a fact that does not apply. It never mixes with `unknown` or with a fact that is not stated. */
export const notApplicable = 'n/a';

/** The name in rules for every tool that no rule names. */
export const otherTool = '(other)';

/** A fact may have at most this many values: where answers are worked out, their sets are bits of one number. */
export const mostValues = 30;

export type FactValue = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly phrase?: string;
};

export type Origin = 'asked' | 'assumed' | 'catalogue' | 'register' | 'record' | 'derived';

export type Fact = {
  readonly at: Place;
  readonly id: string;
  readonly label: string;
  readonly origin: Origin;
  /** Without `n/a`. For `tool`: the tools that rules name, and `(other)`. */
  readonly values: readonly FactValue[];
  readonly isBoolean: boolean;
  /** Names for sets of its values, which rules may use in their place. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** What the values come from: a list of its own, the tools or the organisations. */
  readonly valuesFrom: 'list' | 'tools' | 'organisations';
  readonly default?: string;
  readonly ordinary?: string;
  /** The values that somebody may state where nothing is recorded. Undefined: any. */
  readonly mayBeStated?: ReadonlySet<string>;
  /** The catalogue speaks for all of its own tools: only of a tool outside it may somebody state this. */
  readonly isOnlyForOutside: boolean;
  readonly mayBeNotApplicable: boolean;
  /** Asked once and kept in the address for the next question. */
  readonly keep: boolean;
  /** The fact whose records give this one its value (`organisation` for local rules). */
  readonly follows?: string;
  /** With one of these values, facts that are not stated are not asked any more. */
  readonly asksNothingMore: ReadonlySet<string>;
  /** Asked only in these situations; in others its default holds. Empty: always. */
  readonly askedWhen: readonly When[];
  /** Applies where one of these holds. Empty: always. */
  readonly applies: readonly When[];
  readonly fits?: { readonly by: string; readonly values: ReadonlyMap<string, readonly string[]> };
  readonly reads: readonly { readonly text: string; readonly sets: ReadonlyMap<string, string> }[];
  readonly table: readonly { readonly when: When; readonly value: string }[];
  readonly cites: readonly string[];
};

/** One thing that somebody can do differently: the fact that changes with it, and what to do in a few words. */
export type PossibleChange = {
  readonly at: Place;
  readonly fact: string;
  readonly to: string;
  /** An imperative without capital and stop: `use your own MoJ sign-in`. */
  readonly say: string;
  /** The values it may be changed from. Undefined: any other. */
  readonly from?: ReadonlySet<string>;
  /** Offered only in these situations. */
  readonly when: When;
  /** Facts that it settles along with the first. */
  readonly with: ReadonlyMap<string, string>;
  /** Who decides whether it can be had, where that is not the asker alone: `your line manager`. */
  readonly decidedBy?: string;
};

export type Example = {
  readonly at: Place;
  readonly name: string;
  readonly facts: Readonly<Record<string, string | boolean>>;
  readonly verdict: Verdict;
  readonly tags: readonly string[];
  /** Whether the rule itself must be among the reasons. */
  readonly applies: boolean;
};

export type Rule = {
  readonly at: Place;
  readonly id: string;
  readonly title: string;
  readonly topic: string;
  readonly when: When;
  readonly verdict: Verdict | null;
  readonly because: string;
  readonly adds: readonly string[];
  readonly ask?: string;
  readonly cites: readonly string[];
  readonly citesTool: boolean;
  /** Findings of the proofs that the owner has looked at, with the reason. */
  readonly acknowledged: ReadonlyMap<string, string>;
  readonly from?: Day;
  readonly to?: Day;
  readonly examples: readonly Example[];
  /** Why it cannot be evaluated, where it cannot: then it counts as met wherever the rest of it is. */
  readonly faults: readonly string[];
};

export type ConditionKind = 'condition' | 'next-step' | 'standing';
export type Strength = 'must' | 'should' | 'good idea';
export type ConditionTime = 'before' | 'while' | 'after' | 'now' | 'always';

export type Condition = {
  readonly at: Place;
  readonly id: string;
  readonly kind: ConditionKind;
  readonly when: ConditionTime;
  readonly strength: Strength;
  readonly text: string;
  readonly contact?: string;
  readonly page?: string;
  readonly tool?: string;
  readonly draft?: 'line-manager' | 'review-request' | 'organisation';
  readonly reminder?: 'interval' | 'end' | 'access';
  readonly acknowledged: ReadonlyMap<string, string>;
  readonly cites: readonly string[];
};

export type Option = {
  readonly label: string;
  readonly hint?: string;
  readonly sets: ReadonlyMap<string, string>;
};

export type Question = {
  readonly at: Place;
  readonly id: string;
  readonly page: string;
  readonly facts: readonly string[];
  readonly text: string;
  readonly hint?: string;
  readonly why: string;
  readonly help?: string;
  /** Empty: the values of its one fact. */
  readonly options: readonly Option[];
  readonly cites: readonly string[];
};

export type QuestionPage = {
  readonly at: Place;
  readonly id: string;
  readonly title: string;
  readonly lead?: string;
  readonly questions: readonly Question[];
};

export type OrganisationRecord = { readonly fact: string; readonly value: string; readonly when: When };

export type Organisation = {
  readonly at: Place;
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  readonly records: readonly OrganisationRecord[];
  readonly isUnknown: boolean;
  readonly cites: readonly string[];
};

export type Tool = {
  readonly at: Place;
  readonly id: string;
  readonly name: string;
  /** The name inside a sentence, where it takes an article. */
  readonly phrase?: string;
  /** What the catalogue knows of it: values of facts. */
  readonly facts: ReadonlyMap<string, string>;
  /** Where and when a document names it; undefined for a tool that none names. */
  readonly listed?: { readonly on?: string; readonly cites: readonly string[] };
  readonly task: string;
  readonly fits: ReadonlyMap<string, readonly string[]>;
  readonly aliases: readonly string[];
  readonly oldNames: readonly string[];
  readonly newNames: readonly string[];
  readonly domains: readonly string[];
  readonly get: ReadonlyMap<string, string>;
  readonly formerlyListed?: { readonly on: string; readonly note: string };
  readonly note?: string;
};

export type Clause = {
  readonly at: Place;
  readonly id: string;
  readonly document: string;
  readonly section: string;
  readonly class: string;
  readonly held: readonly string[];
  readonly later: readonly string[];
  readonly text: string;
};

export type Document = {
  readonly at: Place;
  readonly id: string;
  readonly title: string;
  readonly short: string;
  /** `2018-03`, or null for an undated one. */
  readonly dated: string | null;
  readonly datedText: string;
  readonly read: Day;
  /** Statements that only say where the document itself is kept. */
  readonly cites: readonly string[];
};

export type Link = {
  readonly at: Place;
  readonly id: string;
  readonly title: string;
  readonly url: string | null;
  readonly note?: string;
  readonly cites: readonly string[];
};

export type Contact = {
  readonly at: Place;
  readonly id: string;
  readonly name: string;
  /** The name inside a sentence, where `the NAME` would be wrong. */
  readonly phrase?: string;
  readonly for: string;
  /** A person whom the asker knows: there is no address to hold. */
  readonly isPerson: boolean;
  readonly topics: readonly string[];
  readonly email: string | null;
  readonly telephone: string | null;
  readonly link: string | null;
  readonly note?: string;
  readonly fallback?: string;
  readonly cites: readonly string[];
};

export type ChecklistItem = {
  readonly id: string;
  readonly text: string;
  readonly hint?: string;
  readonly cites: readonly string[];
};
export type Checklist = {
  readonly at: Place;
  readonly id: string;
  readonly title: string;
  readonly intro?: string;
  readonly cites: readonly string[];
  readonly items: readonly ChecklistItem[];
};

export type Page = {
  readonly at: Place;
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly group: 'guidance' | 'video' | 'help';
  readonly sections: readonly { readonly heading: string; readonly blocks: readonly BlockData[] }[];
};

export type Reading = {
  readonly at: Place;
  readonly id: string;
  readonly question: string;
  readonly literal: string;
  readonly reading: string | null;
  readonly setOn?: Day;
  readonly shownWith: readonly string[];
  readonly cites: readonly string[];
};

/** What the policy must always or never say. It is proved over every situation, or broken with one that shows it. */
export type PolicyPromise = {
  readonly at: Place;
  readonly id: string;
  readonly text: string;
  readonly when: When;
  /** It speaks only of situations with one of these verdicts. Empty: of all. */
  readonly ifVerdict: readonly Verdict[];
  /** It holds for any tools that the catalogue may come to hold, not only for those that it holds today. */
  readonly anyTool: boolean;
  readonly always: readonly Verdict[];
  readonly never: readonly Verdict[];
  readonly adds: readonly string[];
  /** Clauses that one of the reasons cites. */
  readonly shows: readonly string[];
  /** A permission among the reasons cites something. */
  readonly cited: boolean;
  /** The verdict is never milder than where these facts have these values; with `keeps`, only where it is one of those there. */
  readonly neverMilderThan: When;
  readonly keeps: readonly Verdict[];
  readonly cites: readonly string[];
};

/** Situations that no rule permits or restricts, which the owner knows of. */
export type Gap = {
  readonly at: Place;
  readonly id: string;
  readonly when: When;
  readonly because: string;
  readonly ambiguity?: string;
  readonly cites: readonly string[];
};

/** How likely each value of a fact is, as shares of 1, and where that hangs on another fact: for each value of that one. */
export type Prior = {
  readonly at: Place;
  readonly fact: string;
  readonly by?: string;
  readonly shares: ReadonlyMap<string, number>;
  readonly given: ReadonlyMap<string, ReadonlyMap<string, number>>;
};

/** What the order of the questions goes by. Nothing in it can change an answer. */
export type Priors = {
  readonly of: ReadonlyMap<string, Prior>;
  /** The share of the best gain by which a page may fall short and still be asked in its authored place. */
  readonly margin: number;
};

/** What the matrix can be narrowed down by: a fact, and which of its values can be chosen. */
export type MatrixFilter = {
  readonly fact: string;
  /** Undefined: any. */
  readonly values?: ReadonlySet<string>;
  /** What it is called that each tool has the first value that fits it. Undefined: the ordinary value is chosen first. */
  readonly eachItsOwn?: string;
};

/** A column of the matrix: a kind of information, as the facts that somebody who has it would state. */
export type InformationKind = {
  readonly at: Place;
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly sets: ReadonlyMap<string, string>;
};

/** Which tool for which information: what the columns of that table are, and what it can be narrowed down by. */
export type MatrixPlan = {
  readonly at: Place;
  readonly filters: readonly MatrixFilter[];
  readonly information: readonly InformationKind[];
};

export type Way = {
  readonly id: string;
  readonly title: string;
  readonly facts: ReadonlyMap<string, string>;
  /** What decides the way, in order; a later one need not be answered where an earlier one decides. */
  readonly asks: readonly { readonly fact: string; readonly note?: string }[];
  readonly steps: readonly { readonly tool: string; readonly when: When }[];
};

/** What a line manager may settle, and what they are told before they do. */
export type ManagersGuidance = {
  /** The fact that their guidance becomes, and its values where they have said nothing, given the go-ahead, or refused. */
  readonly fact: string;
  readonly none: string;
  readonly goAhead: string;
  readonly refusal: string;
  /** Checklists of what they are to weigh. */
  readonly toWeigh: readonly string[];
  /** Contacts that give them advice, in the order in which they are offered. */
  readonly advice: readonly string[];
  /** The condition that suggests telling them what one is going to use, where nothing has to be asked. */
  readonly tell?: string;
};

/** Who looks after one entry of the pack, and until when it counts as looked at. */
export type Upkeep = {
  readonly at: Place;
  readonly what: string;
  readonly owner: string;
  readonly lastConfirmed: Day;
  readonly reviewBy: Day;
};

/** A whole guidance pack: every rule, question, tool and text of one department at one version. */
export type Pack = {
  readonly at: Place;
  /** The place of something inside an entry: `placeIn(rule.at, ['cites', 0])`. The entry's own where that is not there. */
  readonly placeIn: (at: Place, path: readonly (string | number)[]) => Place;
  readonly id: string;
  readonly label: string;
  readonly languages: readonly string[];
  readonly department: string;
  readonly defaultContact: string;
  readonly reviewContact: string;
  readonly useText: string;
  readonly headlines: ReadonlyMap<string, string>;
  /** What is said where no rule permits what is asked about. */
  readonly silence: {
    readonly because: string;
    readonly adds: readonly string[];
    readonly cites: readonly string[];
  };
  readonly datedText: string;
  /**
   * What to use instead. `tools` come first, in this order; where one does not pass as things are, it is tried with `sets`.
   * `leavesOut` are tools that are not offered although they are listed, `notFor` situations in which no other tool helps.
   */
  readonly meanwhile: {
    readonly tools: readonly string[];
    readonly sets: ReadonlyMap<string, string>;
    readonly leavesOut: ReadonlySet<string>;
    readonly notFor: readonly When[];
  };
  readonly ways: readonly Way[];
  /** Null where the pack names no such fact: then no line manager is asked here. */
  readonly managersGuidance: ManagersGuidance | null;
  readonly facts: ReadonlyMap<string, Fact>;
  /** What somebody can do differently, in the order in which it is offered. */
  readonly changes: readonly PossibleChange[];
  /** Facts that no change may touch: nobody makes a thing right by calling it something else. */
  readonly neverChanges: ReadonlySet<string>;
  /** Facts that say something of the tool alone, and nothing when another tool is looked at. */
  readonly aboutTool: ReadonlySet<string>;
  readonly rules: readonly Rule[];
  readonly conditions: ReadonlyMap<string, Condition>;
  readonly pages: readonly QuestionPage[];
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly clauses: ReadonlyMap<string, Clause>;
  readonly documents: ReadonlyMap<string, Document>;
  readonly links: ReadonlyMap<string, Link>;
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly checklists: ReadonlyMap<string, Checklist>;
  readonly guidancePages: ReadonlyMap<string, Page>;
  readonly readings: readonly Reading[];
  readonly promises: readonly PolicyPromise[];
  readonly gaps: readonly Gap[];
  /** Null where the pack has none: then questions are asked in their authored order. */
  readonly priors: Priors | null;
  /** Null where the pack has none: then there is no such page. */
  readonly matrix: MatrixPlan | null;
  /** `except` holds the names of things in which the word may stand. */
  readonly wordsToAvoid: readonly {
    readonly avoid: string;
    readonly use?: string;
    readonly except: readonly string[];
    readonly at: Place;
  }[];
  readonly upkeep: readonly Upkeep[];
};
