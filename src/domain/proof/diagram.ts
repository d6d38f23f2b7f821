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

/** A table of what two terminals make: `join[a * terminals + b]`. */
export type Join = Int32Array;

type Combining = {
  readonly join: Join;
  readonly top: NodeId;
  readonly neutral: NodeId;
  readonly number: number;
};

// Stands for `without` among the numbers of operations.
const withoutNumber = 1_000_000;

/** The most that is remembered of what was combined: 4 megabytes. */
const mostMemory = 4 * 262_144;

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
  // A branch: its variable, where its children start in the pool, and its hash.
  #variables = new Int32Array(1024);
  #starts = new Int32Array(1024);
  #hashes = new Int32Array(1024);
  #pool = new Int32Array(8192);
  #poolEnd = 0;
  #count: number;
  #table = new Int32Array(4096).fill(-1);
  // Fours: two nodes, the operation, and what it made of them.
  #memory = new Int32Array(4 * 16_384).fill(-1);
  #stack = new Int32Array(4096);
  #stackEnd = 0;
  #all: bigint | undefined;
  readonly #ones = new Map<NodeId, bigint>();
  readonly #operations: { readonly join: Join; readonly top: NodeId }[] = [];

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

  /** The branch on `variable` with these children, one a value, from `start` on; the child itself where all are the same. */
  branch(variable: number, children: ArrayLike<NodeId>, start = 0): NodeId {
    const size = this.sizes[variable] as number;
    const first = children[start] as number;
    let isSame = true;
    let hash = variable + 1;
    for (let value = 0; value < size; value++) {
      const child = children[start + value] as number;
      if (child !== first) isSame = false;
      hash = (Math.imul(hash, 0x01000193) ^ child) >>> 0;
    }
    if (isSame) return first;
    hash ^= hash >>> 15;
    return this.#find(hash >>> 0, variable, children, start);
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

  /**
   * The diagram of `join[a(x), b(x)]` for all x. `top`, if given, is a terminal that wins over everything, and `neutral` one that
   * changes nothing; then the join must be commutative and idempotent.
   */
  combine(a: NodeId, b: NodeId, join: Join, top = -1, neutral = -1): NodeId {
    return this.#combine(a, b, { join, top, neutral, number: this.#numberOf(join, top) });
  }

  /** 1 where `a` is 1 and `b` is not, of two 0/1 diagrams. */
  without(a: NodeId, b: NodeId): NodeId {
    if (a === 0 || b === 1 || a === b) return 0;
    if (b === 0) return a;
    const slot = this.#slotOf(a, b, withoutNumber);
    const known = this.#recall(slot, a, b, withoutNumber);
    if (known >= 0) return known;
    const variableA = this.variableOf(a);
    const variableB = this.variableOf(b);
    const variable = Math.min(variableA, variableB);
    const start = this.#reserve(variable);
    for (let value = 0; value < (this.sizes[variable] as number); value++) {
      const child = this.without(
        variableA === variable ? this.childOf(a, value) : a,
        variableB === variable ? this.childOf(b, value) : b,
      );
      this.#stack[start + value] = child;
    }
    return this.#keep(a, b, withoutNumber, this.#branchAt(variable, start));
  }

  // Children wait on one stack until they are all there: lists of their own would be most of the work.
  #reserve(variable: number): number {
    const start = this.#stackEnd;
    this.#stackEnd += this.sizes[variable] as number;
    if (this.#stackEnd > this.#stack.length) this.#stack = grown(this.#stack);
    return start;
  }

  #branchAt(variable: number, start: number): NodeId {
    this.#stackEnd = start;
    return this.branch(variable, this.#stack, start);
  }

  #combine(a: NodeId, b: NodeId, how: Combining): NodeId {
    const { top, neutral } = how;
    if (a === top || b === top) return top;
    if (top >= 0) {
      if (a === b || b === neutral) return a;
      if (a === neutral) return b;
      // The order does not matter here, so that each pair is worked out once.
      if (a > b) return this.#combineOnce(b, a, how);
    }
    return this.#combineOnce(a, b, how);
  }

  #combineOnce(a: NodeId, b: NodeId, how: Combining): NodeId {
    if (a < this.terminals && b < this.terminals) return how.join[a * this.terminals + b] as number;
    const known = this.#recall(this.#slotOf(a, b, how.number), a, b, how.number);
    if (known >= 0) return known;
    const variableA = this.variableOf(a);
    const variableB = this.variableOf(b);
    const variable = Math.min(variableA, variableB);
    const start = this.#reserve(variable);
    for (let value = 0; value < (this.sizes[variable] as number); value++) {
      const child = this.#combine(
        variableA === variable ? this.childOf(a, value) : a,
        variableB === variable ? this.childOf(b, value) : b,
        how,
      );
      this.#stack[start + value] = child;
    }
    return this.#keep(a, b, how.number, this.#branchAt(variable, start));
  }

  // What was combined is remembered as long as nothing else falls on its slot: nodes never change, so it stays true.
  #slotOf(a: NodeId, b: NodeId, operation: number): number {
    const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(operation, 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 15)) & (this.#memory.length / 4 - 1)) * 4;
  }

  #recall(slot: number, a: NodeId, b: NodeId, operation: number): NodeId {
    const memory = this.#memory;
    return memory[slot] === a && memory[slot + 1] === b && memory[slot + 2] === operation
      ? (memory[slot + 3] as number)
      : -1;
  }

  #keep(a: NodeId, b: NodeId, operation: number, made: NodeId): NodeId {
    // It grows with the diagrams; what it held is forgotten, which costs little as that happens seldom.
    if (this.#count > this.#memory.length / 4 && this.#memory.length < mostMemory)
      this.#memory = new Int32Array(this.#memory.length * 4).fill(-1);
    const slot = this.#slotOf(a, b, operation);
    this.#memory[slot] = a;
    this.#memory[slot + 1] = b;
    this.#memory[slot + 2] = operation;
    this.#memory[slot + 3] = made;
    return made;
  }

  #numberOf(join: Join, top: NodeId): number {
    const known = this.#operations.findIndex((one) => one.join === join && one.top === top);
    if (known >= 0) return known;
    this.#operations.push({ join, top });
    return this.#operations.length - 1;
  }

  /** The diagram where one variable has a value, whatever it would be otherwise. */
  withValue(node: NodeId, variable: number, value: number): NodeId {
    const memo = new Map<NodeId, NodeId>();
    const walk = (at: NodeId): NodeId => {
      const own = this.variableOf(at);
      if (own > variable) return at;
      if (own === variable) return this.childOf(at, value);
      const known = memo.get(at);
      if (known !== undefined) return known;
      const children = Array.from({ length: this.sizes[own] as number }, (_, number) =>
        walk(this.childOf(at, number)),
      );
      const made = this.branch(own, children);
      memo.set(at, made);
      return made;
    };
    return walk(node);
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
            if (amount !== 0n) counts[terminal] = (counts[terminal] as bigint) + amount * skipped;
        }
      }
      memo.set(at, counts);
      return counts;
    };
    const skipped = (below[0] as bigint) / (below[this.variableOf(node)] as bigint);
    return walk(node).map((amount) => amount * skipped);
  }

  /** How many assignments of all variables lead to 1 in a 0/1 diagram, exactly. */
  countOnes(node: NodeId): bigint {
    if (node < this.terminals) return node === 1 ? this.#allAssignments() : 0n;
    const known = this.#ones.get(node);
    if (known !== undefined) return known;
    const size = this.sizes[this.variableOf(node)] as number;
    let sum = 0n;
    for (let value = 0; value < size; value++) sum += this.countOnes(this.childOf(node, value));
    // Each child was counted over all values of this variable, and stands for one of them.
    const count = sum / BigInt(size);
    this.#ones.set(node, count);
    return count;
  }

  #allAssignments(): bigint {
    this.#all ??= this.sizes.reduce((product, size) => product * BigInt(size), 1n);
    return this.#all;
  }

  /** One assignment that leads to `terminal`, or null. `preferred` gives for each variable the values to try first. */
  findOne(node: NodeId, terminal: NodeId, preferred: readonly (readonly number[])[]): number[] | null {
    const dead = new Set<NodeId>();
    const values = this.sizes.map((_, variable) => preferred[variable]?.[0] ?? 0);
    const walk = (at: NodeId): boolean => {
      if (at < this.terminals) return at === terminal;
      if (dead.has(at)) return false;
      const variable = this.variableOf(at);
      const first = preferred[variable] ?? [];
      for (const value of first) {
        values[variable] = value;
        if (walk(this.childOf(at, value))) return true;
      }
      for (let value = 0; value < (this.sizes[variable] as number); value++) {
        values[variable] = value;
        if (!first.includes(value) && walk(this.childOf(at, value))) return true;
      }
      values[variable] = first[0] ?? 0;
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
  #find(hash: number, variable: number, children: ArrayLike<NodeId>, from: number): NodeId {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (;;) {
      const held = this.#table[slot] as number;
      if (held < 0) break;
      if (this.#isEqual(held, variable, children, from)) return held + this.terminals;
      slot = (slot + 1) & mask;
    }
    const index = this.#count - this.terminals;
    if (this.#count >= this.#budget) {
      this.#stackEnd = 0;
      throw new BudgetExceeded(this.#budget);
    }
    this.#add(index, variable, children, from);
    this.#hashes[index] = hash;
    this.#table[slot] = index;
    this.#count++;
    if ((index + 1) * 2 > this.#table.length) this.#rehash();
    return index + this.terminals;
  }

  #isEqual(index: number, variable: number, children: ArrayLike<NodeId>, from: number): boolean {
    if (this.#variables[index] !== variable) return false;
    const start = this.#starts[index] as number;
    for (let value = 0; value < (this.sizes[variable] as number); value++)
      if (this.#pool[start + value] !== children[from + value]) return false;
    return true;
  }

  #add(index: number, variable: number, children: ArrayLike<NodeId>, from: number): void {
    const size = this.sizes[variable] as number;
    if (index >= this.#variables.length) {
      this.#variables = grown(this.#variables);
      this.#starts = grown(this.#starts);
      this.#hashes = grown(this.#hashes);
    }
    while (this.#poolEnd + size > this.#pool.length) this.#pool = grown(this.#pool);
    this.#variables[index] = variable;
    this.#starts[index] = this.#poolEnd;
    for (let value = 0; value < size; value++)
      this.#pool[this.#poolEnd + value] = children[from + value] as number;
    this.#poolEnd += size;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let index = 0; index < this.#count - this.terminals; index++) {
      let slot = (this.#hashes[index] as number) & mask;
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
