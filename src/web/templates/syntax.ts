import nunjucks from 'nunjucks';

/** A template as Nunjucks' own parser reads it: the kinds of node that our templates and GOV.UK's are made of. */
export type Node =
  | ListNode
  | { readonly typename: 'TemplateData' | 'Literal'; readonly value: unknown }
  | SymbolNode
  | PairNode
  | { readonly typename: 'LookupVal'; readonly target: Node; readonly val: Node }
  | IfNode
  | ForNode
  | MacroNode
  | BlockNode
  | { readonly typename: 'Extends' | 'Include'; readonly template: Node }
  | FromImportNode
  | SetNode
  | { readonly typename: 'Capture'; readonly body: Node }
  | CallNode
  | IsNode
  | {
      readonly typename: 'In' | 'And' | 'Or' | 'Add' | 'Concat' | 'Sub' | 'Mul' | 'Div' | 'Mod';
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly typename: 'Not' | 'Neg' | 'Pos'; readonly target: Node }
  | CompareNode;

export type ListNode = {
  readonly typename: 'Root' | 'NodeList' | 'Output' | 'Array' | 'Dict' | 'Group' | 'KeywordArgs';
  readonly children: readonly Node[];
};
export type SymbolNode = { readonly typename: 'Symbol'; readonly value: string };
export type PairNode = { readonly typename: 'Pair'; readonly key: Node; readonly value: Node };
export type IfNode = {
  readonly typename: 'If' | 'InlineIf';
  readonly cond: Node;
  readonly body: Node;
  readonly else_: Node | null;
};
export type ForNode = {
  readonly typename: 'For';
  readonly arr: Node;
  readonly name: Node;
  readonly body: Node;
  readonly else_: Node | null;
};
/** A macro, or the body of a `call` block, which has no name. */
export type MacroNode = {
  readonly typename: 'Macro' | 'Caller';
  readonly name: Node;
  readonly args: ListNode;
  readonly body: Node;
};
export type BlockNode = { readonly typename: 'Block'; readonly name: SymbolNode; readonly body: Node };
export type FromImportNode = {
  readonly typename: 'FromImport';
  readonly template: Node;
  readonly names: ListNode;
  readonly withContext?: boolean;
};
export type SetNode = {
  readonly typename: 'Set';
  readonly targets: readonly SymbolNode[];
  readonly value: Node | null;
  readonly body: Node | null;
};
export type CallNode = {
  readonly typename: 'FunCall' | 'Filter';
  readonly name: Node;
  readonly args: ListNode;
};
export type IsNode = { readonly typename: 'Is'; readonly left: Node; readonly right: Node };
export type CompareNode = {
  readonly typename: 'Compare';
  readonly expr: Node;
  readonly ops: readonly { readonly type: string; readonly expr: Node }[];
};

/** Parses a template. Throws with Nunjucks' own message where it has a mistake. */
export function parseTemplate(text: string): ListNode {
  // The parser is public but has no type.
  const { parser } = nunjucks as unknown as { parser: { parse: (text: string) => ListNode } };
  return parser.parse(text);
}

/** Every node below `node`, itself first, in the order in which they stand. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesIn(child);
}

/** The nodes directly below `node`. */
export function childrenOf(node: Node): Node[] {
  // An operator of a comparison is not a node, but holds one.
  const values: unknown[] = Object.values(node).flat();
  return values.map((value) => (isObject(value) && isObject(value.expr) ? value.expr : value)).filter(isNode);
}

function isNode(value: unknown): value is Node {
  return isObject(value) && typeof value.typename === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
