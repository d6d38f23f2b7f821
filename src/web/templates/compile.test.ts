import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import nunjucks from 'nunjucks';

import { createTemplates, type Templates } from './compile.ts';

const packages = path.resolve(import.meta.dirname, '..', '..', '..', 'node_modules');
const govuk = path.join(packages, 'govuk-frontend', 'dist');

// Nunjucks itself is the oracle: what it prints is right.
describe('a compiled template', () => {
  let folder: string;
  let templates: Templates;
  let environment: nunjucks.Environment;
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  };
  const bothPrint = (name: string, context: object): [ours: string, nunjucks: string] => [
    templates.get(name)(structuredClone(context) as Record<string, unknown>),
    environment.render(name, structuredClone(context)),
  ];
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'templates-'));
    const roots = [folder, govuk, path.join(packages, '@ministryofjustice', 'frontend')];
    environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(roots), { autoescape: true });
    environment.addGlobal('words', { hello: 'Hello', list: ['a', 'b'] });
    templates = createTemplates(roots, environment);
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it('prints what Nunjucks prints, for every example of every component of GOV.UK Frontend', () => {
    let examples = 0;
    for (const file of fs.globSync('govuk/components/*/fixtures.json', { cwd: govuk })) {
      const { component, fixtures } = JSON.parse(fs.readFileSync(path.join(govuk, file), 'utf8')) as {
        component: string;
        fixtures: readonly { name: string; options: object }[];
      };
      const macro = `govuk${component.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
      write({
        [`${component}.njk`]: `{% from "govuk/components/${component}/macro.njk" import ${macro} %}{{ ${macro}(params) }}`,
      });
      for (const { name, options } of fixtures) {
        examples += 1;
        const [ours, theirs] = bothPrint(`${component}.njk`, { params: options });
        assert.equal(ours, theirs, `${component}: ${name}`);
      }
    }
    assert.ok(examples > 700, `only ${examples} examples were found`);
  });

  const evil = `<b title="a'b">\\ & </b>`;
  const context = {
    title: 'A page',
    evil,
    no: false,
    nothing: null,
    zero: 0,
    list: ['x', evil, 'z'],
    none: [],
    pairs: [
      ['k', 1],
      ['l', 2],
    ],
    object: { one: 1, two: evil },
    deep: { list: [{ name: 'n1', on: true }, { name: 'n2' }] },
    text: 'first\nsecond\n  third',
    spaced: '  \n a b \t ',
  };
  const cases: Readonly<Record<string, string>> = {
    'escapes what it prints':
      '{{ evil }} {{ evil | safe }} {{ evil | escape }} {{ nothing }} {{ unheard.of.it }} {{ zero }} {{ no }}',
    'keeps text and its white space':
      'a  b\n\t{{- title -}}  \n c {#- gone -#} d{% if true -%}   e{%- endif %}',
    chooses:
      '{% if zero %}a{% elif title %}b{% else %}c{% endif %}{% if not no and (list.length > 2 or no) %}d{% endif %}',
    'chooses inside an expression':
      '{{ "a" if title }}{{ "b" if no }}{{ evil if title else "c" }}{{ (evil | safe) if no else title }}',
    'goes over lists':
      '{% for one in list %}{{ loop.index }}/{{ loop.length }}{{ loop.first }}{{ loop.last }}{{ loop.revindex }}{{ one }}{% else %}none{% endfor %}{% for one in none %}x{% else %}none{% endfor %}{% for one in unheard %}x{% else %}none{% endfor %}',
    'goes over pairs and objects':
      '{% for key, value in object %}{{ key }}={{ value }}{{ loop.index0 }};{% endfor %}{% for key, value in pairs %}{{ key }}={{ value }};{% endfor %}',
    'sets names':
      '{% set a = 1 %}{% set b, c = title %}{{ a }}{{ b }}{{ c }}{% set d %}<i>{{ evil }}</i>{% endset %}{{ d }}{{ d | safe }}{% if no %}{% set e = 1 %}{% endif %}{{ e }}',
    'sets names in loops as Nunjucks does':
      '{% set outer = "o" %}{% for one in list %}{% set outer = one %}{% set inner = (inner or "") + "i" %}{{ inner }}{% endfor %}{{ outer }}{{ inner }}',
    'gathers a list with a loop':
      '{% set items = [] %}{% for one in list %}{% set items = (items.push({ text: one, hint: { text: "h" } if loop.first }), items) %}{% endfor %}{{ items.length }}{{ items[1].text }}{{ items[0].hint.text }}',
    'calls macros':
      '{% macro m(a, b="d", c=title) %}<{{ a }}|{{ b }}|{{ c }}|{{ caller() if caller else evil }}>{% endmacro %}{{ m() }}{{ m(1) }}{{ m(1, 2, 3) }}{{ m(a=1, c=2) }}{{ m(1, c=nothing) }}{% call m(1) %}<u>{{ evil }}</u>{% endcall %}',
    'gives a macro only its own names and those at the top':
      '{% set top = "t" %}{% macro m(x) %}{{ x }}{{ top }}{{ one }}{{ title }}{{ later }}{% endmacro %}{% for one in list %}{{ m(one) }}{% endfor %}{% set later = "l" %}{{ m(1) }}',
    'calls macros that call themselves and later ones':
      '{% macro down(n) %}{{ n }}{% if n > 0 %}{{ down(n - 1) }}{{ other(n) }}{% endif %}{% endmacro %}{% macro other(n) %}[{{ n }}]{% endmacro %}{{ down(3) }}',
    filters:
      '{{ text | indent(2) }}{{ text | safe | indent(4, true) }}[{{ spaced | trim }}][{{ spaced | safe | trim }}]{{ unheard | default("d") }}{{ no | default("d", true) }}{{ list | join(", ") }}{{ title | replace("A", evil) }}{{ title | upper | lower | capitalize }}{{ list | length }}{{ "" | indent }}',
    tests:
      '{{ unheard is defined }}{{ title is string }}{{ "x" in list }}{{ "q" in title }}{{ "one" in object }}{{ object is mapping }}{{ zero is sameas(0) }}',
    calculates:
      '{{ 1 + 2 * 3 - 4 / 2 }}{{ 7 % 4 }}{{ "a" ~ 1 ~ nothing }}{{ "a" + evil }}{{ -zero }}{{ [1, 2][1] }}{{ { "a": { b: evil } }.a["b"] }}{{ (1, 2) }}{{ 1 < 2 }}{{ 2 >= 2 }}{{ 1 == "1" }}{{ 1 === "1" }}{{ 1 != 2 }}',
    'calls methods': '{{ list.concat(["y"]).length }}{{ title.includes("page") }}{{ list.join("-") }}',
    'knows the names of the surroundings':
      '{{ words.hello }}{{ words.list[1] }}{% macro m() %}{{ words.hello }}{% endmacro %}{{ m() }}{{ range(3).length }}',
    'knows safe text that is empty':
      '{% macro m() %}{% endmacro %}{{ "yes" if m() else "no" }}{{ m() or "or" }}{{ m() + "plus" }}',
  };
  for (const [behaviour, text] of Object.entries(cases)) {
    it(behaviour, () => {
      const name = `${behaviour.replaceAll(' ', '-')}.njk`;
      write({ [name]: text });
      const [ours, theirs] = bothPrint(name, context);
      assert.equal(ours, theirs);
    });
  }

  it('puts together what templates extend, include and import', () => {
    write({
      'base.njk':
        '{% from "macros.njk" import item %}<{% block title %}base {{ title }}{% endblock %}>{% block body %}{% endblock %}{% block end %}[{% block inside %}in{% endblock %}]{% endblock %}{{ item("b") }}',
      'middle.njk':
        '{% extends "./base.njk" %}{% set shared = "m" %}{% macro own() %}{{ title }}{{ shared }}{% endmacro %}{% block title %}middle, {{ super() }}{% endblock %}{% block inside %}{{ own() }}{% endblock %}',
      'page.njk':
        '{% extends "middle.njk" %}{% from "macros.njk" import item as one, wrap %}{% set mine = "p" %}{% block title %}page: {{ super() }}!{{ super() }}{% endblock %}{% block body %}{{ one(mine) }}{{ shared }}{% call wrap() %}{{ evil }}{{ mine }}{% endcall %}{% set mine = "changed" %}{{ mine }}{% for x in list %}{% include "part.njk" %}{% endfor %}{{ left }}{% endblock %}',
      'part.njk':
        '{% from "./macros.njk" import item %}{% set left = x %}{% macro inner() %}{{ left }}{{ title }}{% endmacro %}({{ x }}{{ title }}{{ mine }}{{ item(x) }}{{ inner() }}{{ loop.index }})',
      'macros.njk':
        '{% set secret = "s" %}{% macro item(a) %}<li>{{ a }}{{ secret }}{{ title }}</li>{% endmacro %}{% macro wrap() %}<div>{{ caller() }}</div>{% endmacro %}',
    });
    const [ours, theirs] = bothPrint('page.njk', context);
    assert.equal(ours, theirs);
    assert.ok(ours.includes('page: middle, base A page'));
  });

  const refused: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['a template name that is only known later', '{% include title %}', /a template name that is not text/],
    ['an import with context', '{% from "macros.njk" import item with context %}', /an import with context/],
    ['a macro that is not there', '{% from "macros.njk" import gone %}', /importing `gone`/],
    ['a template that is not there', '{% include "gone.njk" %}', /there is no template `gone.njk`/],
    [
      'a tag that our templates do not use',
      '{% raw %}x{% endraw %}{% asyncEach a in list %}{% endeach %}',
      /`AsyncEach`/,
    ],
    ['a template outside the folders', '{% include "../../../etc/passwd" %}', /there is no template/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what}, with the name of the file`, () => {
      const name = `refused-${what.replaceAll(' ', '-')}.njk`;
      write({ [name]: text, 'macros.njk': '{% macro item() %}{% endmacro %}' });
      assert.throws(() => templates.get(name), message);
    });
  }
});
