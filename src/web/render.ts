import path from 'node:path';
import nunjucks from 'nunjucks';

import type { AssetUrls } from './assets.ts';
import { createTemplates } from './templates/compile.ts';
import { words } from './words.ts';

/** What the layout itself prints. Everything else in a model is for the page's own template. */
export type PageModel = {
  /** The main heading; the layout adds the name of the service for the window's title. */
  readonly title: string;
  /** What is wrong with a form. The layout shows the summary and marks the window's title. */
  readonly errors?: readonly { readonly text: string; readonly href: string }[];
  readonly breadcrumbs?: readonly { readonly text: string; readonly href?: string }[];
  /** A page has breadcrumbs or a link back, never both. */
  readonly back?: { readonly text: string; readonly href: string };
  /** The `href` of the item in the navigation that this page belongs to. */
  readonly section?: string;
  /** What stands in the search of the frame. */
  readonly searchText?: string;
  /** Which guidance is in force, for the footer. */
  readonly policyLabel?: string;
  /** Who has signed in, on pages that are for one person. */
  readonly signedIn?: { readonly name: string } | null;
  /** The token that a form which changes something sends along. */
  readonly token?: string;
};

/** Prints a template (`pages/problem.njk`) with a model. Throws when the template has a mistake. */
export type Render = (template: string, model: PageModel) => string;

type RendererParts = {
  readonly hasGovUkBrand: boolean;
  /** Whether there is only the trial sign-in, which every page says. */
  readonly isTrial: boolean;
  readonly assetUrls: AssetUrls;
};

/**
 * Every template is compiled once, when it is first used, and everything it prints is escaped. Nunjucks parses the templates
 * and lends its filters; what prints them is our own code (src/web/templates).
 */
export function createRenderer({ hasGovUkBrand, isTrial, assetUrls }: RendererParts): Render {
  const roots = [
    path.join(import.meta.dirname, 'views'),
    path.join(packages, 'govuk-frontend', 'dist'),
    path.join(packages, '@ministryofjustice', 'frontend'),
  ];
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(roots), { autoescape: true });
  environment.addGlobal('words', words);
  environment.addGlobal('assetUrls', assetUrls);
  environment.addGlobal('hasGovUkBrand', hasGovUkBrand);
  environment.addGlobal('isTrial', isTrial);
  const templates = createTemplates(roots, environment);
  return (template, model) => templates.get(template)(model);
}

const packages = path.resolve(import.meta.dirname, '..', '..', 'node_modules');
