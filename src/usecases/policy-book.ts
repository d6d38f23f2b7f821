import type { Pack } from '#domain/policy/pack.ts';
import { describeProblem } from '#domain/policy/problem.ts';
import { type Day, dayInWords } from '#domain/shared/day.ts';
import type { CheckedGuidance } from '#usecases/check-guidance.ts';
import { contactsInBook, organisationsInBook, toolsInBook } from './book/catalogue-in-book.ts';
import { type Html, html } from './book/escaped-html.ts';
import {
  checklistsInBook,
  pagesInBook,
  readingsInBook,
  sourcesInBook,
  statementsInBook,
  upkeepInBook,
} from './book/pages-in-book.ts';
import { factsInBook, questionsInBook } from './book/questions-in-book.ts';
import { conditionsInBook, rulesInBook } from './book/rules-in-book.ts';

export type PolicyBook = {
  readonly pack: Pack;
  readonly hash: string;
  readonly checked: CheckedGuidance;
  /** The day that stands on the book. */
  readonly on: Day;
};

/**
 * A whole guidance pack as one HTML document, for sign-off, audit and Freedom of Information requests. It needs nothing
 * beside itself and prints well. Same pack and day, same text.
 */
export function writePolicyBook(book: PolicyBook): string {
  const { pack } = book;
  const chapters: readonly Chapter[] = [
    { id: 'state', title: 'State of this guidance', body: stateInBook(book) },
    { id: 'rules', title: 'Rules', body: rulesInBook(pack) },
    { id: 'conditions', title: 'Conditions, next steps and standing duties', body: conditionsInBook(pack) },
    { id: 'facts', title: 'Facts and their values', body: factsInBook(pack) },
    { id: 'questions', title: 'Questions', body: questionsInBook(pack) },
    { id: 'organisations', title: 'Parts of the department', body: organisationsInBook(pack) },
    { id: 'tools', title: 'Tools', body: toolsInBook(pack) },
    { id: 'contacts', title: 'Contacts', body: contactsInBook(pack) },
    { id: 'readings', title: 'Readings', body: readingsInBook(pack) },
    { id: 'checklists', title: 'Checklists', body: checklistsInBook(pack) },
    { id: 'pages', title: 'Guidance pages', body: pagesInBook(pack) },
    { id: 'sources', title: 'Documents and links', body: sourcesInBook(pack) },
    { id: 'statements', title: 'Every statement, and where it lives', body: statementsInBook(pack) },
    { id: 'upkeep', title: 'Who looks after it', body: upkeepInBook(pack) },
  ];
  const title = `${pack.department}: guidance on tools, ${pack.label}`;
  return `${page(title, book, chapters).html}\n`;
}

type Chapter = { readonly id: string; readonly title: string; readonly body: Html };

function page(title: string, { hash, on }: PolicyBook, chapters: readonly Chapter[]): Html {
  return html`<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Printed on ${dayInWords(on)}. Version <code>${hash}</code>.</p>
</header>
<nav aria-label="Contents">
<h2>Contents</h2>
<ol>${chapters.map((chapter) => html`<li><a href="#${chapter.id}">${chapter.title}</a></li>`)}</ol>
</nav>
<main>
${chapters.map(
  (chapter) => html`<section id="${chapter.id}">
<h2>${chapter.title}</h2>
${chapter.body}
</section>
`,
)}
</main>
</body>
</html>`;
}

function stateInBook({ checked }: PolicyBook): Html {
  const { problems, errors, warnings, counts } = checked;
  return html`
${
  counts === null
    ? null
    : html`<p>It holds ${Object.entries(counts)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ')}.</p>`
}
<p>${errors === 0 ? 'It has no error' : html`<b>It has errors (${errors}) and must not be signed off</b>`}. Points to look after: ${warnings}.</p>
${problems.length === 0 ? null : html`<ul>${problems.map((problem) => html`<li>${describeProblem(problem)}</li>`)}</ul>`}`;
}

// The document is printed and mailed about, so it loads nothing: Arial, black on white, links told by underline.
const style = `
body { font: 16px/1.5 Arial, sans-serif; color: #0b0c0c; background: #fff; max-width: 60em; margin: 0 auto; padding: 1em; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.5em 0 0.5em; }
h4, .entry > h3:first-child { margin-top: 0; font-size: 1em; }
p, ul, ol { margin: 0 0 0.5em; }
a { color: #1a65a6; }
code { font-size: 0.85em; color: #484949; }
.entry { border-top: 1px solid #cecece; padding: 0.75em 0; }
.verdict { font-weight: bold; }
.cites, .small, .example { font-size: 0.875em; color: #484949; }
table { border-collapse: collapse; width: 100%; font-size: 0.875em; }
th, td { border-top: 1px solid #cecece; padding: 0.4em 0.5em; text-align: left; vertical-align: top; }
@media screen and (max-width: 40em) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, td { display: block; }
  tr { padding: 0.4em 0; border-top: 1px solid #cecece; }
  td { padding: 0.1em 0; border: 0; }
}
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  a { color: inherit; text-decoration: none; }
  section { break-before: page; }
  .entry, tr { break-inside: avoid; }
  .page { break-inside: auto; }
  thead { display: table-header-group; }
}
`;
