import path from 'node:path';
import nunjucks from 'nunjucks';
import type { Letter } from '#domain/notices/letter.ts';
import { createTemplates } from '../templates/compile.ts';
import { words } from '../words.ts';

/** What stands in every notice of this service. */
export const frameWords = { serviceName: words.serviceName, organisation: words.organisation };

/** Prints letters as HTML for mail programs: tables and styles in the elements, because some of them know nothing else. Everything is escaped. */
export function createLetterPrinter(): (letter: Letter) => string {
  const roots = [path.join(import.meta.dirname, '..', 'views')];
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(roots), { autoescape: true });
  const templates = createTemplates(roots, environment);
  return (letter) => templates.get('mail/notice.njk')({ ...letter });
}
