import type { Option, Prior, Priors, Question, QuestionPage } from '../pack.ts';
import type { PriorData, QuestionPageData } from '../pack-files.ts';
import type { Place } from '../problem.ts';
import { textMap } from './known-facts.ts';
import type { Entry } from './pack-reader.ts';
import type { Parsing } from './parsing.ts';

/** The pages of questions, in the order in which they were written. */
export function parseQuestionPages({ reader, known }: Parsing): QuestionPage[] {
  const seen = new Map<string, Place>();
  return [
    ...reader
      .unique('questions', 'pages', (entry: Entry<QuestionPageData>) => entry.data.id, 'page')
      .values(),
  ].map(({ data, at: pageAt, file, path }) => ({
    at: pageAt,
    id: data.id,
    title: data.title,
    ...(data.lead === undefined ? {} : { lead: data.lead }),
    questions: data.questions.map((question, index): Question => {
      const here = [...path, 'questions', index];
      const at = reader.at(file, here);
      const earlier = seen.get(question.id);
      if (earlier !== undefined)
        reader.problem(
          at,
          `duplicate question id \`${question.id}\``,
          `The first one is in ${earlier.file}, line ${earlier.line}.`,
        );
      seen.set(question.id, at);
      for (const fact of question.facts)
        known.factName(fact, { file: file.name, line: file.lineOf([...here, 'facts']) });
      const options = (question.options ?? []).map((option, place): Option => {
        const line = file.lineOf([...here, 'options', place]);
        for (const [fact, value] of Object.entries(option.sets)) {
          if (known.factName(fact, { file: file.name, line }))
            known.value(fact, String(value), { file: file.name, line });
        }
        return {
          label: option.label,
          ...(option.hint === undefined ? {} : { hint: option.hint }),
          sets: textMap(option.sets),
        };
      });
      const { hint, help } = question;
      return {
        at,
        id: question.id,
        page: data.id,
        facts: question.facts,
        text: question.text,
        ...(hint === undefined ? {} : { hint }),
        why: question.why,
        ...(help === undefined ? {} : { help }),
        options,
        cites: question.cites ?? [],
      };
    }),
  }));
}

/** How likely each answer is; null where the pack does not say. */
export function parsePriors({ reader }: Parsing): Priors | null {
  const file = reader.only('priors');
  if (file === undefined) return null;
  const idOf = (entry: Entry<PriorData>) => entry.data.fact;
  const priors = [...reader.unique('priors', 'priors', idOf, 'prior').values()].map(
    ({ data: { fact, by, shares, given }, at }): Prior => ({
      at,
      fact,
      ...(by === undefined ? {} : { by }),
      shares: sharesOfOne(shares),
      given: new Map(Object.entries(given ?? {}).map(([value, list]) => [value, sharesOfOne(list)])),
    }),
  );
  const { margin } = file.data as { margin: number };
  return { of: new Map(priors.map((prior) => [prior.fact, prior])), margin: margin / 100 };
}

function sharesOfOne(percent: Readonly<Record<string, number>>): Map<string, number> {
  return new Map(Object.entries(percent).map(([value, share]) => [value, share / 100]));
}
