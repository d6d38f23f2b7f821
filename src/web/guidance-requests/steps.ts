import type { GuidanceStep } from '#domain/guidance-requests/guidance-request.ts';
import { instantInWords } from '../instant.ts';

/** A step as the pages print it. */
export type StepModel = { readonly at: string; readonly text: string; readonly words: string };

/** What happened to a question, in its order. */
export function stepsView(steps: readonly GuidanceStep[]): StepModel[] {
  return steps.map((step) => ({
    at: instantInWords(step.at),
    text: sentenceOf(step),
    words: step.kind === 'asked' ? '' : step.words,
  }));
}

function sentenceOf({ kind, actorName, toName }: GuidanceStep): string {
  switch (kind) {
    case 'asked':
      return `${actorName} asked ${toName}.`;
    case 'told':
      return `${actorName} told ${toName}.`;
    case 'passed-on':
      return `${actorName} passed it on to ${toName}.`;
    case 'reminded':
      return `We reminded ${toName}.`;
    case 'advice':
      return `${actorName} asked for advice from: ${toName}.`;
    case 'go-ahead':
      return `${actorName} gave the go-ahead.`;
    case 'refused':
      return `${actorName} refused.`;
    case 'taken-back':
      return `${actorName} took the go-ahead back.`;
    case 'withdrawn':
      return `${actorName} took the question back.`;
    default:
      return kind satisfies never;
  }
}
