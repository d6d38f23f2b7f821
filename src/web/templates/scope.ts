/** What a name stands for in the generated code. */
export type Binding = {
  /** The JavaScript name or expression. */
  readonly code: string;
  /** An argument, the variable of a loop, a macro: it hides what is outside even where it is undefined. */
  readonly isFixed: boolean;
  readonly macro?: Macro;
  /** The body of a `call` block, which prints when it is called. */
  readonly isCaller?: boolean;
};

/** A macro as its callers see it. Its function takes the arguments in this order, then the body of a `call` block. */
export type Macro = {
  readonly code: string;
  readonly args: readonly string[];
  /** The names of the arguments with a default, after the others. */
  readonly optional: readonly string[];
};

export type ScopeKind = 'template' | 'macro' | 'caller' | 'block' | 'for';

/**
 * The names that can be seen at a place in a template, as Nunjucks' frames have them at run time: a template (or one that is
 * included), a macro, the body of a call, a block and a loop each have their own. A macro sees its own names and those of the
 * templates around it, and nothing between.
 */
export class Scope {
  readonly names = new Map<string, Binding>();
  readonly kind: ScopeKind;
  readonly parent: Scope | null;

  constructor(kind: ScopeKind, parent: Scope | null) {
    this.kind = kind;
    this.parent = parent;
  }

  /** What can be seen of a name, innermost first. The last one is fixed where the context cannot be reached. */
  find(name: string): Binding[] {
    const found: Binding[] = [];
    let isOutsideMacro = false;
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const binding = isOutsideMacro && scope.kind !== 'template' ? undefined : scope.names.get(name);
      if (binding !== undefined) found.push(binding);
      if (binding?.isFixed) return found;
      if (scope.kind === 'macro') isOutsideMacro = true;
    }
    return found;
  }

  /** Whether a name is an argument or the variable of a loop here, so that setting it changes that one. */
  isFixed(name: string): boolean {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const binding = scope.names.get(name);
      if (binding !== undefined) return binding.isFixed && binding.macro === undefined;
      if (scope.kind !== 'for' && scope.kind !== 'caller') return false;
    }
    return false;
  }

  /** Where setting a name can land: the variables up to the nearest border that setting does not cross, innermost first. */
  findToSet(name: string): Binding[] {
    const found: Binding[] = [];
    for (let scope: Scope | null = this; scope !== null; scope = scope.kind === 'for' ? scope.parent : null) {
      const binding = scope.names.get(name);
      if (binding !== undefined) found.push(binding);
    }
    return found;
  }
}
