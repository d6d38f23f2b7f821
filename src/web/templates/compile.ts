import fs from 'node:fs';
import path from 'node:path';
import type { Environment } from 'nunjucks';
import { type Runtime, runtime } from './runtime.ts';
import { type Binding, type Macro, Scope } from './scope.ts';
import {
  type BlockNode,
  type CallNode,
  type ForNode,
  type FromImportNode,
  type ListNode,
  type MacroNode,
  type Node,
  nodesIn,
  parseTemplate,
  type SetNode,
} from './syntax.ts';

/** A template as a function: prints it with the values of a context. */
export type Template = (context: Readonly<Record<string, unknown>>) => string;

export type Templates = {
  /** The function of a template, named by its path below one of the roots. Throws where it has a mistake or is not there. */
  readonly get: (name: string) => Template;
};

/**
 * Turns Nunjucks templates into JavaScript functions that print exactly what Nunjucks prints, many times faster. Nunjucks looks
 * every name up while it prints; here each name is found once, when the template is compiled, and is a JavaScript variable from
 * then on. What templates extend, include and import is put in its place at the same time. Filters, tests and globals are those
 * of `environment`. What our templates and GOV.UK's do not use (dynamic template names, imports with context, asynchronous
 * filters, tags of one's own) is refused with the file's name. compile.test.ts holds the two against each other, over every
 * example of every component of GOV.UK Frontend.
 */
export function createTemplates(roots: readonly string[], environment: Environment): Templates {
  const library = new Library(roots, environment);
  const made = new Map<string, Template>();
  return {
    get(name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const template = library.page(name);
      made.set(name, template);
      return template;
    },
  };
}

type Module = { readonly macros: ReadonlyMap<string, Macro> };
type Exports = Readonly<Record<string, unknown>>;

/** The templates that have been read, and the macros of those that have been imported. */
class Library {
  readonly #roots: readonly string[];
  readonly #environment: Environment;
  readonly #syntax = new Map<string, ListNode>();
  readonly #modules = new Map<string, Module>();
  readonly #exports: Record<string, Exports> = {};

  constructor(roots: readonly string[], environment: Environment) {
    this.#roots = roots.map((root) => path.resolve(root));
    this.#environment = environment;
  }

  page(name: string): Template {
    const compiler = new Compiler(this, this.fileOf(name, ''), true);
    return this.#run(compiler.page()) as Template;
  }

  /** The macros of an imported template. It is compiled and run once, whoever imports it. */
  module(file: string): Module {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const compiler = new Compiler(this, file, false);
    const { code, macros } = compiler.module();
    this.#exports[file] = this.#run(code) as Exports;
    const made: Module = { macros };
    this.#modules.set(file, made);
    return made;
  }

  isGlobal(name: string): boolean {
    return name in this.#globals();
  }

  syntax(file: string): ListNode {
    const known = this.#syntax.get(file);
    if (known !== undefined) return known;
    const made = parseTemplate(fs.readFileSync(file, 'utf8'));
    this.#syntax.set(file, made);
    return made;
  }

  /** The file of a template's name, which counts from the roots, or from the template that names it where it starts with a dot. */
  fileOf(name: string, from: string): string {
    const isRelative = name.startsWith('./') || name.startsWith('../');
    const places = isRelative
      ? [path.resolve(path.dirname(from), name)]
      : this.#roots.map((root) => path.resolve(root, name));
    const found = places.find(
      (place) => this.#roots.some((root) => place.startsWith(root + path.sep)) && fs.existsSync(place),
    );
    if (found === undefined) throw new Error(`there is no template \`${name}\``);
    return found;
  }

  #globals(): Record<string, unknown> {
    return (this.#environment as unknown as { globals: Record<string, unknown> }).globals;
  }

  #run(code: string): unknown {
    // The code is made of our own templates alone, never of what somebody sends.
    const make = new Function('rt', 'env', 'self', 'globals', 'imported', `'use strict';\n${code}`) as (
      rt: Runtime,
      env: Environment,
      self: { readonly env: Environment },
      globals: Record<string, unknown>,
      imported: Record<string, Exports>,
    ) => unknown;
    return make(runtime, this.#environment, { env: this.#environment }, this.#globals(), this.#exports);
  }
}

/** Writes the code of one page, or of the macros of one imported template. */
class Compiler {
  readonly #library: Library;
  readonly #hasContext: boolean;
  readonly #lines: string[] = [];
  readonly #imports: string[] = [];
  #file: string;
  #scope = new Scope('template', null);
  #text = '';
  #names = 0;
  /** For each block its definitions, from the outermost template that a page extends to the page itself: last wins. */
  readonly #blocks = new Map<string, { file: string; node: BlockNode }[]>();
  #superCode: string | null = null;

  constructor(library: Library, file: string, hasContext: boolean) {
    this.#library = library;
    this.#file = file;
    this.#hasContext = hasContext;
  }

  page(): string {
    const chain = this.#chainFrom(this.#file);
    for (const file of [...chain].reverse()) this.#collectBlocks(file);
    this.#line('let out = "";');
    for (const [at, file] of chain.entries()) {
      this.#file = file;
      this.#root(this.#library.syntax(file), at < chain.length - 1);
    }
    this.#line('return out;');
    return `${this.#imports.join('\n')}\nreturn function (context) {\n${this.#lines.join('\n')}\n};`;
  }

  module(): { code: string; macros: Map<string, Macro> } {
    this.#line('let out = "";');
    this.#root(this.#library.syntax(this.#file), false);
    const macros = new Map<string, Macro>();
    for (const [name, { macro }] of this.#scope.names) if (macro !== undefined) macros.set(name, macro);
    const exported = [...macros.values()].map(({ code }) => code).join(', ');
    this.#line(`return { ${exported} };`);
    return { code: [...this.#imports, ...this.#lines].join('\n'), macros };
  }

  // The template, what it extends, and so on to the one that extends nothing.
  #chainFrom(file: string): string[] {
    const chain = [file];
    for (;;) {
      this.#file = chain.at(-1) ?? file;
      const above = this.#library.syntax(this.#file).children.find((node) => node.typename === 'Extends');
      if (above === undefined) return chain;
      chain.push(this.#fileIn((above as { template: Node }).template));
    }
  }

  #collectBlocks(file: string): void {
    for (const node of nodesIn(this.#library.syntax(file))) {
      if (node.typename !== 'Block') continue;
      const held = this.#blocks.get(node.name.value) ?? [];
      held.push({ file, node });
      this.#blocks.set(node.name.value, held);
    }
  }

  // All templates of a chain share the names at their top. Of one that extends another only what it defines counts.
  #root(root: ListNode, isExtended: boolean): void {
    this.#declare(root);
    for (const node of root.children) {
      if (isExtended && (node.typename === 'Block' || node.typename === 'Extends')) continue;
      if (isExtended && node.typename === 'Output') {
        if (node.children.some((child) => child.typename !== 'TemplateData')) {
          this.#refuse('printing outside the blocks of a template that extends another');
        }
        continue;
      }
      this.#statement(node);
    }
    this.#flush();
  }

  // ----- Names ---------------------------------------------------------------------------------------------------------

  // Declares what is set below a node, as far as it belongs to the same scope, and the macros, which may be called before
  // they are written.
  #declare(node: Node): void {
    for (const name of namesSetIn(node)) {
      if (this.#scope.names.has(name) || this.#scope.isFixed(name)) continue;
      const code = this.#newName(name);
      this.#scope.names.set(name, { code, isFixed: false });
      this.#line(`let ${code};`);
    }
    for (const macro of macrosIn(node)) {
      const { value: name } = macro.name as { value: string };
      this.#scope.names.set(name, {
        code: name,
        isFixed: true,
        macro: this.#macroOf(macro, this.#newName(name)),
      });
    }
  }

  #lookUp(name: string): string {
    const found = this.#scope.find(name);
    if (found.some(({ macro }) => macro !== undefined)) this.#refuse(`the macro \`${name}\` as a value`);
    const last = found.at(-1);
    const outside = last?.isFixed ? last.code : this.#fromContext(name);
    const open = last?.isFixed ? found.slice(0, -1) : found;
    return open.reduceRight((rest, { code }) => `(${code} !== undefined ? ${code} : ${rest})`, outside);
  }

  #fromContext(name: string): string {
    const key = JSON.stringify(name);
    if (!this.#library.isGlobal(name)) return this.#hasContext ? `context[${key}]` : 'undefined';
    return this.#hasContext ? `(${key} in context ? context[${key}] : globals[${key}])` : `globals[${key}]`;
  }

  #newName(name: string): string {
    this.#names += 1;
    return `${name.replace(/\W/g, '_')}_${this.#names}`;
  }

  // ----- Statements ----------------------------------------------------------------------------------------------------

  #statement(node: Node): void {
    switch (node.typename) {
      case 'NodeList':
      case 'Root':
        for (const child of node.children) this.#statement(child);
        return;
      case 'Output':
        for (const child of node.children) this.#print(child);
        return;
      case 'If':
        this.#line(`if (${this.#value(node.cond)}) {`);
        this.#statement(node.body);
        if (node.else_ !== null) {
          this.#line('} else {');
          this.#statement(node.else_);
        }
        this.#line('}');
        return;
      case 'For':
        this.#for(node);
        return;
      case 'Set':
        this.#set(node);
        return;
      case 'Macro':
        this.#macro(node);
        return;
      case 'FromImport':
        this.#import(node);
        return;
      case 'Include':
        this.#include(this.#fileIn(node.template));
        return;
      case 'Block':
        this.#block(node.name.value, (this.#blocks.get(node.name.value) ?? []).length - 1);
        return;
      default:
        this.#refuse(`\`${node.typename}\``);
    }
  }

  #print(node: Node): void {
    if (node.typename === 'TemplateData') this.#text += String(node.value);
    else this.#line(`out += ${this.#printed(node)};`);
  }

  #for(node: ForNode): void {
    const [list, length, index] = [this.#newName('list'), this.#newName('length'), this.#newName('index')];
    const names = node.name.typename === 'Array' ? node.name.children : [node.name];
    const outer = this.#enter('for');
    this.#line(`{ let ${list} = ${this.#value(node.arr)}, ${length};`);
    this.#declare(node.body);
    this.#line(
      `if (${list}) { ${list} = rt.${names.length > 1 ? 'pairs' : 'list'}(${list}); ${length} = ${list}.length;`,
    );
    this.#line(`for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`);
    for (const [at, symbol] of names.entries()) {
      const { value: name } = symbol as { value: string };
      const code = this.#bind(name);
      this.#line(`let ${code} = ${list}[${index}]${names.length > 1 ? `[${at}]` : ''};`);
    }
    if (mayUseLoop(node.body)) this.#line(`const ${this.#bind('loop')} = rt.loop(${index}, ${length});`);
    this.#statement(node.body);
    this.#line('} }');
    if (node.else_ !== null) {
      this.#line(`if (!${length}) {`);
      this.#statement(node.else_);
      this.#line('}');
    }
    this.#line('}');
    this.#scope = outer;
  }

  #set({ targets, value, body }: SetNode): void {
    const made = this.#newName('value');
    if (value !== null) this.#line(`const ${made} = ${this.#value(value)};`);
    else if (body?.typename === 'Capture')
      this.#line(`const ${made} = ${this.#captured(() => this.#statement(body.body))};`);
    for (const { value: name } of targets) this.#assign(name, made);
  }

  // Where the name is a variable that has a value, that one is changed; else the nearest one is.
  #assign(name: string, value: string): void {
    if (this.#scope.isFixed(name)) {
      this.#line(`${this.#scope.find(name)[0]?.code} = ${value};`);
      return;
    }
    const [own, ...others] = this.#scope.findToSet(name).map(({ code }) => code);
    if (own === undefined) this.#refuse(`setting \`${name}\` here`);
    const further = others.map((code) => ` else if (${code} !== undefined) ${code} = ${value};`).join('');
    this.#line(
      others.length === 0
        ? `${own} = ${value};`
        : `if (${own} !== undefined) ${own} = ${value};${further} else ${own} = ${value};`,
    );
  }

  #macroOf({ args }: MacroNode, code: string): Macro {
    const positional = args.children
      .filter((arg) => arg.typename === 'Symbol')
      .map((arg) => (arg as { value: string }).value);
    const optional = defaultsOf(args).map(({ name }) => name);
    return { code, args: positional, optional };
  }

  #macro(node: MacroNode): void {
    const { value: name } = node.name as { value: string };
    const macro = this.#scope.names.get(name)?.macro;
    if (macro === undefined) {
      this.#refuse(`the macro \`${name}\` in an \`if\``);
      return;
    }
    const outer = this.#enter('macro');
    const parameters = [...macro.args, ...macro.optional].map((arg) => this.#bind(arg));
    const caller = this.#bind('caller', { isCaller: true });
    this.#line(`function ${macro.code}(${[...parameters, caller].join(', ')}) {`);
    for (const { name: optional, value } of defaultsOf(node.args)) {
      const code = this.#scope.names.get(optional)?.code;
      this.#line(`if (${code} === rt.absent) ${code} = ${this.#value(value)};`);
    }
    this.#body(node.body);
    this.#line('}');
    this.#scope = outer;
  }

  // The statements of a function that returns what they print.
  #body(body: Node): void {
    this.#line('let out = "";');
    this.#declare(body);
    this.#statement(body);
    this.#line('return out;');
  }

  #import({ template, names, withContext }: FromImportNode): void {
    if (withContext) this.#refuse('an import with context');
    const file = this.#fileIn(template);
    const { macros } = this.#library.module(file);
    for (const node of names.children) {
      const [name, alias] = (node.typename === 'Pair' ? [node.key, node.value] : [node, node]) as {
        value: string;
      }[];
      const macro = macros.get(name?.value ?? '');
      if (macro === undefined) this.#refuse(`importing \`${name?.value}\`, which is not a macro of ${file}`);
      const code = this.#newName(alias?.value ?? '');
      this.#imports.push(`const ${code} = imported[${JSON.stringify(file)}].${macro.code};`);
      this.#scope.names.set(alias?.value ?? '', { code, isFixed: true, macro: { ...macro, code } });
    }
  }

  #include(file: string): void {
    const from = this.#file;
    const outer = this.#enter('template');
    this.#file = file;
    this.#line('{');
    this.#root(this.#library.syntax(file), false);
    this.#line('}');
    this.#file = from;
    this.#scope = outer;
  }

  #block(name: string, definition: number): void {
    const found = this.#blocks.get(name)?.[definition];
    if (found === undefined) this.#refuse(`the block \`${name}\`, which no template above has`);
    const { node, file } = found;
    const [from, superCode] = [this.#file, this.#superCode];
    const outer = this.#enter('block');
    this.#file = file;
    this.#line('{');
    if (usesSuper(node)) {
      const code = this.#newName('super');
      this.#line(`const ${code} = ${this.#captured(() => this.#block(name, definition - 1))};`);
      this.#superCode = code;
    }
    this.#declare(node.body);
    this.#statement(node.body);
    this.#line('}');
    [this.#file, this.#superCode] = [from, superCode];
    this.#scope = outer;
  }

  // ----- Expressions ---------------------------------------------------------------------------------------------------

  // Code for what printing a value adds to the page.
  #printed(node: Node): string {
    const html = this.#html(node);
    if (html !== null) return html;
    if (node.typename === 'InlineIf') {
      const otherwise = node.else_ === null ? '""' : this.#printed(node.else_);
      return `(${this.#value(node.cond)} ? ${this.#printed(node.body)} : ${otherwise})`;
    }
    if (node.typename === 'Literal') return JSON.stringify(runtime.print(node.value));
    return `rt.print(${this.#value(node)})`;
  }

  // Code for a text that is certainly HTML, so that it is neither wrapped nor escaped; null where that is not certain.
  #html(node: Node): string | null {
    switch (node.typename) {
      case 'FunCall':
        return this.#macroCall(node);
      case 'Filter':
        return this.#filterAsHtml(node);
      case 'Group':
        return node.children.length === 1 ? this.#html(node.children[0] as Node) : null;
      case 'InlineIf': {
        const [body, otherwise] = [
          this.#html(node.body),
          node.else_ === null ? null : this.#html(node.else_),
        ];
        return body === null || otherwise === null
          ? null
          : `(${this.#value(node.cond)} ? ${body} : ${otherwise})`;
      }
      default:
        return null;
    }
  }

  #filterAsHtml({ name, args }: CallNode): string | null {
    const [first, ...others] = args.children as [Node, ...Node[]];
    const html = this.#html(first);
    switch ((name as { value: string }).value) {
      case 'safe':
        return html ?? `rt.html(${this.#value(first)})`;
      case 'escape':
        return html ?? `rt.print(${this.#value(first)})`;
      case 'trim':
        return html === null ? null : `${html}.trim()`;
      case 'indent':
        return html === null
          ? null
          : `rt.indentHtml(${[html, ...others.map((arg) => this.#value(arg))].join(', ')})`;
      default:
        return null;
    }
  }

  // Code for a value. Operators stand without brackets of their own, as Nunjucks writes them.
  #value(node: Node): string {
    const html = this.#html(node);
    if (html !== null) return `new rt.SafeString(${html})`;
    switch (node.typename) {
      case 'Literal':
        if (typeof node.value === 'object' && node.value !== null)
          return this.#refuse('a regular expression');
        return JSON.stringify(node.value) ?? 'undefined';
      case 'Symbol':
        return this.#lookUp(node.value);
      case 'Group':
        return `(${this.#list(node.children)})`;
      case 'Array':
        return `[${this.#list(node.children)}]`;
      case 'Dict':
        return `{ ${node.children.map((pair) => this.#pair(pair)).join(', ')} }`;
      case 'LookupVal':
        return `${this.#value(node.target)}?.[${this.#value(node.val)}]`;
      case 'InlineIf':
        return `(${this.#value(node.cond)} ? ${this.#value(node.body)} : ${node.else_ === null ? '""' : this.#value(node.else_)})`;
      case 'Filter':
        return this.#filter((node.name as { value: string }).value, this.#list(node.args.children));
      case 'FunCall':
        return this.#call(node);
      case 'Is':
        return this.#test(node.left, node.right);
      case 'In':
        return `rt.isIn(${this.#value(node.left)}, ${this.#value(node.right)})`;
      case 'Compare': {
        const rest = node.ops.map(({ type, expr }) => ` ${comparisons[type]} ${this.#value(expr)}`);
        return this.#value(node.expr) + rest.join('');
      }
      case 'And':
      case 'Or':
      case 'Add':
      case 'Concat':
      case 'Sub':
      case 'Mul':
      case 'Div':
      case 'Mod':
        return `${this.#value(node.left)} ${operators[node.typename]} ${this.#value(node.right)}`;
      case 'Not':
      case 'Neg':
      case 'Pos':
        return `${{ Not: '!', Neg: '-', Pos: '+' }[node.typename]}${this.#value(node.target)}`;
      case 'Caller':
        return this.#caller(node);
      default:
        return this.#refuse(`\`${node.typename}\``);
    }
  }

  #filter(name: string, args: string): string {
    if (name === 'trim' || name === 'indent') return `rt.${name}(${args})`;
    return `env.getFilter(${JSON.stringify(name)}).call(self, ${args})`;
  }

  #list(nodes: readonly Node[]): string {
    return nodes.map((node) => this.#value(node)).join(', ');
  }

  #pair(node: Node): string {
    if (node.typename !== 'Pair') return this.#refuse(`\`${node.typename}\` in a dictionary`);
    return `${JSON.stringify((node.key as { value: unknown }).value)}: ${this.#value(node.value)}`;
  }

  #test(left: Node, right: Node): string {
    const { name, args } = right as Partial<CallNode>;
    const { value: test } = (name ?? right) as { value: unknown };
    const given = [this.#value(left), ...(args === undefined ? [] : [this.#list(args.children)])];
    return `env.getTest(${JSON.stringify(String(test))}).call(self, ${given.join(', ')}) === true`;
  }

  #call({ name, args }: CallNode): string {
    if (args.children.some(({ typename }) => typename === 'KeywordArgs'))
      this.#refuse('named arguments of what is not a macro');
    const given = this.#list(args.children);
    if (name.typename === 'LookupVal')
      return `${this.#value(name.target)}[${this.#value(name.val)}](${given})`;
    const what = name.typename === 'Symbol' ? name.value : name.typename;
    return `rt.call(${JSON.stringify(what)}, ${this.#value(name)}, [${given}])`;
  }

  // Code for calling a macro, the body of a call block or `super`, all of which print; null for other calls.
  #macroCall({ name, args }: CallNode): string | null {
    if (name.typename !== 'Symbol') return null;
    const [binding] = this.#scope.find(name.value);
    if (binding?.macro !== undefined) return this.#macroCallCode(binding.macro, args);
    if (binding?.isCaller) return `${binding.code}()`;
    if (binding === undefined && name.value === 'super') return this.#superCode;
    return null;
  }

  #macroCallCode(macro: Macro, { children }: ListNode): string {
    const named = new Map<string, Node>();
    const last = children.at(-1);
    if (last?.typename === 'KeywordArgs') {
      for (const pair of last.children) {
        if (pair.typename === 'Pair') named.set(String((pair.key as { value: unknown }).value), pair.value);
      }
    }
    const positional = last?.typename === 'KeywordArgs' ? children.slice(0, -1) : children;
    const given = [...macro.args, ...macro.optional].map((arg, at) => {
      const node = positional[at] ?? named.get(arg);
      if (node !== undefined) return this.#value(node);
      return at < macro.args.length ? 'undefined' : 'rt.absent';
    });
    const caller = named.get('caller');
    return `${macro.code}(${[...given, ...(caller === undefined ? [] : [this.#value(caller)])].join(', ')})`;
  }

  // The body of a call block: a function that sees everything around it.
  #caller({ args, body }: MacroNode): string {
    if (args.children.length > 0) this.#refuse('a call block with arguments');
    const outer = this.#enter('caller');
    const code = this.#written(() => this.#body(body));
    this.#scope = outer;
    return `() => {\n${code}\n}`;
  }

  // Code for what statements print, as text.
  #captured(write: () => void): string {
    return `(() => { let out = "";\n${this.#written(write)}\nreturn out; })()`;
  }

  // ----- Writing -------------------------------------------------------------------------------------------------------

  // Runs `write` and takes what it wrote out of the code again.
  #written(write: () => void): string {
    this.#flush();
    const start = this.#lines.length;
    write();
    this.#flush();
    return this.#lines.splice(start).join('\n');
  }

  #line(code: string): void {
    this.#flush();
    this.#lines.push(code);
  }

  // Text that stands between tags is gathered, so that it is added at once.
  #flush(): void {
    if (this.#text === '') return;
    this.#lines.push(`out += ${JSON.stringify(this.#text)};`);
    this.#text = '';
  }

  #enter(kind: Scope['kind']): Scope {
    const outer = this.#scope;
    this.#scope = new Scope(kind, outer);
    return outer;
  }

  #bind(name: string, more: Partial<Binding> = {}): string {
    const code = this.#newName(name);
    this.#scope.names.set(name, { code, isFixed: true, ...more });
    return code;
  }

  #fileIn(template: Node): string {
    if (template.typename !== 'Literal' || typeof template.value !== 'string')
      return this.#refuse('a template name that is not text');
    return this.#library.fileOf(template.value, this.#file);
  }

  #refuse(what: string): never {
    throw this.#problem(what);
  }

  #problem(what: string): Error {
    return new Error(`${this.#file}: ${what} is not supported in templates`);
  }
}

const operators = {
  And: '&&',
  Or: '||',
  Add: '+',
  Concat: '+ "" +',
  Sub: '-',
  Mul: '*',
  Div: '/',
  Mod: '%',
} as const;

const comparisons: Readonly<Record<string, string>> = {
  '==': '==',
  '===': '===',
  '!=': '!=',
  '!==': '!==',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
};

// Names that are set in the scope that a node stands in: not in a loop, macro, block or call of its own.
function* namesSetIn(node: Node): Generator<string> {
  switch (node.typename) {
    case 'Set':
      for (const { value } of node.targets) yield value;
      if (node.body?.typename === 'Capture') yield* namesSetIn(node.body.body);
      return;
    case 'If':
      yield* namesSetIn(node.body);
      if (node.else_ !== null) yield* namesSetIn(node.else_);
      return;
    case 'Root':
    case 'NodeList':
      for (const child of node.children) yield* namesSetIn(child);
  }
}

function macrosIn(node: Node): MacroNode[] {
  if (node.typename === 'Macro') return [node];
  return node.typename === 'Root' || node.typename === 'NodeList' ? node.children.flatMap(macrosIn) : [];
}

function defaultsOf({ children }: ListNode): { name: string; value: Node }[] {
  const last = children.at(-1);
  if (last?.typename !== 'Dict' && last?.typename !== 'KeywordArgs') return [];
  return last.children.flatMap((pair) =>
    pair.typename === 'Pair'
      ? [{ name: String((pair.key as { value: unknown }).value), value: pair.value }]
      : [],
  );
}

// What is included below may use the variable too.
function mayUseLoop(body: Node): boolean {
  return [...nodesIn(body)].some(
    (node) => (node.typename === 'Symbol' && node.value === 'loop') || node.typename === 'Include',
  );
}

function usesSuper({ body }: BlockNode): boolean {
  return [...nodesIn(body)].some(
    (node) => node.typename === 'FunCall' && node.name.typename === 'Symbol' && node.name.value === 'super',
  );
}
