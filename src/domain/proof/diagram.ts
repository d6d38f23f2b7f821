/** A node of a diagram: a terminal where it is below `Diagrams.terminals`, else a branch on one variable. */
export type NodeId = number;

/** Thrown when diagrams grow over their budget of nodes. What was built until then tells which rules are tangled. */
export class BudgetExceeded extends Error {
  readonly nodes: number;
  constructor(nodes: number) {
    super(`more than ${nodes} nodes`);
    this.nodes = nodes;
  }
}

/** A table of what two terminals make: `join[a * terminals + b]`. It must be commutative and idempotent. */
export type Join = Int32Array;

/** The most nodes that all diagrams of one manager may have together. */
export const usualBudget = 2_000_000;

/**
 * Reduced, ordered decision diagrams over variables with several values each (multi-terminal MDDs, after Bryant 1986 and
 * Srinivasan et al. 1990). Variables are numbered in their order. Equal functions are the same node.
 */
export class Diagrams {
  readonly sizes: readonly number[];
  readonly terminals: number;
  readonly #budget: number;
  // A branch: its variable, and where its children start in the pool.
  #variables = new Int32Array(1024);
  #starts = new Int32Array(1024);
  #pool = new Int32Array(8192);
  #poolEnd = 0;
  #count: number;
  #table = new Int32Array(4096).fill(-1);

  constructor(sizes: readonly number[], terminals: number, budget = usualBudget) {
    this.sizes = sizes;
    this.terminals = terminals;
    this.#count = terminals;
    this.#budget = budget;
  }

  /** Nodes made so far, terminals included. */
  get nodeCount(): number {
    return this.#count;
  }

  isTerminal(node: NodeId): boolean {
    return node < this.terminals;
  }

  /** The variable of a branch; for a terminal one past the last variable. */
  variableOf(node: NodeId): number {
    return node < this.terminals ? this.sizes.length : (this.#variables[node - this.terminals] as number);
  }

  childOf(node: NodeId, value: number): NodeId {
    return this.#pool[(this.#starts[node - this.terminals] as number) + value] as number;
  }

  /** The branch on `variable` with these children, one a value; the child itself where all are the same. */
  branch(variable: number, children: ArrayLike<NodeId>): NodeId {
    const size = this.sizes[variable] as number;
    const first = children[0] as number;
    let isSame = true;
    let hash = variable + 1;
    for (let value = 0; value < size; value++) {
      const child = children[value] as number;
      if (child !== first) isSame = false;
      hash = (Math.imul(hash, 0x01000193) ^ child) >>> 0;
    }
    if (isSame) return first;
    hash ^= hash >>> 15;
    return this.#find(hash >>> 0, variable, children, size);
  }

  /** 1 (or `yes`) where all tests hold, else 0 (or `no`). Tests are pairs of variable and bits of values. */
  cube(
    tests: readonly { readonly variable: number; readonly bits: number }[],
    yes: NodeId,
    no: NodeId,
  ): NodeId {
    let node = yes;
    for (const { variable, bits } of tests.toSorted((a, b) => b.variable - a.variable)) {
      const size = this.sizes[variable] as number;
      const children = new Array<NodeId>(size);
      for (let value = 0; value < size; value++) children[value] = bits & (1 << value) ? node : no;
      node = this.branch(variable, children);
    }
    return node;
  }

  /** The diagram of `join[a(x), b(x)]` for all x. `top`, if given, is a terminal that wins over everything. */
  combine(a: NodeId, b: NodeId, join: Join, top = -1): NodeId {
    return this.#combine(a, b, join, top, new Map());
  }

  #combine(a: NodeId, b: NodeId, join: Join, top: number, memo: Map<number, NodeId>): NodeId {
    if (a === top || b === top) return top;
    if (a === b && top >= 0) return a;
    if (a < this.terminals && b < this.terminals) return join[a * this.terminals + b] as number;
    const key = a < b || top < 0 ? a * 67_108_864 + b : b * 67_108_864 + a;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const variable = Math.min(this.variableOf(a), this.variableOf(b));
    const size = this.sizes[variable] as number;
    const isA = this.variableOf(a) === variable;
    const isB = this.variableOf(b) === variable;
    const children = new Array<NodeId>(size);
    for (let value = 0; value < size; value++) {
      children[value] = this.#combine(
        isA ? this.childOf(a, value) : a,
        isB ? this.childOf(b, value) : b,
        join,
        top,
        memo,
      );
    }
    const made = this.branch(variable, children);
    memo.set(key, made);
    return made;
  }

  /** The diagram with its terminals renamed: `to[terminal]`. */
  map(node: NodeId, to: ArrayLike<NodeId>): NodeId {
    const memo = new Map<NodeId, NodeId>();
    const walk = (at: NodeId): NodeId => {
      if (at < this.terminals) return to[at] as number;
      const known = memo.get(at);
      if (known !== undefined) return known;
      const variable = this.variableOf(at);
      const children = new Array<NodeId>(this.sizes[variable] as number);
      for (let value = 0; value < children.length; value++) children[value] = walk(this.childOf(at, value));
      const made = this.branch(variable, children);
      memo.set(at, made);
      return made;
    };
    return walk(node);
  }

  /** 1 where some values of the variables outside `kept` lead to 1: the shadow of a 0/1 diagram on the kept variables. */
  project(node: NodeId, kept: ReadonlySet<number>, or: Join): NodeId {
    const memo = new Map<NodeId, NodeId>();
    const walk = (at: NodeId): NodeId => {
      if (at < this.terminals) return at;
      const known = memo.get(at);
      if (known !== undefined) return known;
      const variable = this.variableOf(at);
      const children = Array.from({ length: this.sizes[variable] as number }, (_, value) =>
        walk(this.childOf(at, value)),
      );
      const made = kept.has(variable)
        ? this.branch(variable, children)
        : children.reduce((all, child) => this.combine(all, child, or, 1));
      memo.set(at, made);
      return made;
    };
    return walk(node);
  }

  /** The terminal that the values of all variables lead to. */
  valueAt(node: NodeId, values: ArrayLike<number>): NodeId {
    let at = node;
    while (at >= this.terminals) at = this.childOf(at, values[this.variableOf(at)] as number);
    return at;
  }

  /** How many assignments of all variables lead to each terminal, exactly. */
  count(node: NodeId): bigint[] {
    const below: bigint[] = new Array(this.sizes.length + 1).fill(1n);
    for (let variable = this.sizes.length - 1; variable >= 0; variable--) {
      below[variable] = (below[variable + 1] as bigint) * BigInt(this.sizes[variable] as number);
    }
    const memo = new Map<NodeId, bigint[]>();
    // Counts over the variables from the node's own on.
    const walk = (at: NodeId): bigint[] => {
      const known = memo.get(at);
      if (known !== undefined) return known;
      const counts = new Array<bigint>(this.terminals).fill(0n);
      if (at < this.terminals) counts[at] = 1n;
      else {
        const variable = this.variableOf(at);
        for (let value = 0; value < (this.sizes[variable] as number); value++) {
          const child = this.childOf(at, value);
          const skipped = (below[variable + 1] as bigint) / (below[this.variableOf(child)] as bigint);
          for (const [terminal, amount] of walk(child).entries())
            counts[terminal] = (counts[terminal] as bigint) + amount * skipped;
        }
      }
      memo.set(at, counts);
      return counts;
    };
    const skipped = (below[0] as bigint) / (below[this.variableOf(node)] as bigint);
    return walk(node).map((amount) => amount * skipped);
  }

  /** One assignment that leads to `terminal`, or null. `preferred` gives for each variable the values to try first. */
  findOne(node: NodeId, terminal: NodeId, preferred: readonly (readonly number[])[]): number[] | null {
    const dead = new Set<NodeId>();
    const values = preferred.map((list) => list[0] ?? 0);
    const walk = (at: NodeId): boolean => {
      if (at < this.terminals) return at === terminal;
      if (dead.has(at)) return false;
      const variable = this.variableOf(at);
      const size = this.sizes[variable] as number;
      const order = [...new Set([...(preferred[variable] ?? []), ...Array(size).keys()])];
      for (const value of order) {
        values[variable] = value;
        if (walk(this.childOf(at, value))) return true;
      }
      values[variable] = preferred[variable]?.[0] ?? 0;
      dead.add(at);
      return false;
    };
    return walk(node) ? values : null;
  }

  /** How many branches a diagram has. */
  sizeOf(node: NodeId): number {
    const seen = new Set<NodeId>();
    const walk = (at: NodeId): void => {
      if (at < this.terminals || seen.has(at)) return;
      seen.add(at);
      for (let value = 0; value < (this.sizes[this.variableOf(at)] as number); value++)
        walk(this.childOf(at, value));
    };
    walk(node);
    return seen.size;
  }

  // Open addressing: the same branch is always the same node.
  #find(hash: number, variable: number, children: ArrayLike<NodeId>, size: number): NodeId {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (;;) {
      const held = this.#table[slot] as number;
      if (held < 0) break;
      if (this.#isEqual(held, variable, children, size)) return held + this.terminals;
      slot = (slot + 1) & mask;
    }
    const index = this.#count - this.terminals;
    if (this.#count >= this.#budget) throw new BudgetExceeded(this.#budget);
    this.#add(index, variable, children, size);
    this.#table[slot] = index;
    this.#count++;
    if ((index + 1) * 2 > this.#table.length) this.#rehash();
    return index + this.terminals;
  }

  #isEqual(index: number, variable: number, children: ArrayLike<NodeId>, size: number): boolean {
    if (this.#variables[index] !== variable) return false;
    const start = this.#starts[index] as number;
    for (let value = 0; value < size; value++)
      if (this.#pool[start + value] !== children[value]) return false;
    return true;
  }

  #add(index: number, variable: number, children: ArrayLike<NodeId>, size: number): void {
    if (index >= this.#variables.length) {
      this.#variables = grown(this.#variables);
      this.#starts = grown(this.#starts);
    }
    while (this.#poolEnd + size > this.#pool.length) this.#pool = grown(this.#pool);
    this.#variables[index] = variable;
    this.#starts[index] = this.#poolEnd;
    for (let value = 0; value < size; value++) this.#pool[this.#poolEnd + value] = children[value] as number;
    this.#poolEnd += size;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let index = 0; index < this.#count - this.terminals; index++) {
      const variable = this.#variables[index] as number;
      const start = this.#starts[index] as number;
      let hash = variable + 1;
      for (let value = 0; value < (this.sizes[variable] as number); value++)
        hash = (Math.imul(hash, 0x01000193) ^ (this.#pool[start + value] as number)) >>> 0;
      hash ^= hash >>> 15;
      let slot = (hash >>> 0) & mask;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
      table[slot] = index;
    }
    this.#table = table;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
