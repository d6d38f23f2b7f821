// The usual set-up of a GOV.UK service: Express with Nunjucks and GOV.UK Frontend, in production mode, where templates are
// compiled once. It decides nothing: its two pages are made of the components that ours are made of, with fixed content and
// the parameters of the address.
import path from 'node:path';
import express from 'express';
import nunjucks from 'nunjucks';
import { answerPage, navigation, questionPage } from './content.js';

const root = path.resolve(import.meta.dirname, '..', '..');
const app = express();
nunjucks.configure(
  [path.join(import.meta.dirname, 'views'), path.join(root, 'node_modules', 'govuk-frontend', 'dist')],
  { autoescape: true, express: app },
);
app.locals.navigation = navigation;

app.get('/check/:page', (request, response) => {
  response.render('question.njk', {
    ...questionPage,
    given: Object.entries(request.query),
    address: request.originalUrl,
  });
});

app.get('/answer', (request, response) => {
  response.render('answer.njk', {
    ...answerPage,
    given: Object.entries(request.query),
    address: request.originalUrl,
  });
});

const server = app.listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stderr.write(`listening on ${server.address().port}\n`);
});
