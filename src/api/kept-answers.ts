import { LRUCache } from 'lru-cache';
import { bytesOf, type JsonParts } from '#usecases/kept-json.ts';
import type { Needs } from '#usecases/needs.ts';
import type { Asked } from '#usecases/usage/count-asked.ts';

type Kept = { readonly parts: JsonParts; readonly asked: Asked | null };

/** Answers that were given, each under the text of the body that asked for it. */
export type KeptAnswers = {
  /** The bytes of the answer to the same body; undefined where it has to be worked out. It is counted like any other. */
  readonly find: (needs: Needs, text: string) => Buffer | undefined;
  readonly keep: (needs: Needs, text: string, kept: Kept) => void;
};

// About 5,000 answers. What stands in many of them is in memory once, so each takes a tenth of what it is to send.
const mostBytes = 8 * 1024 * 1024;
const longestKeptBody = 1_000;

/**
 * Keeps answers for as long as there is room, the policy in force is the same and so is the day: an answer hangs on nothing else but
 * the body. Only in memory, and with nothing about whoever asked.
 */
export function createKeptAnswers(): KeptAnswers {
  const answers = new LRUCache<string, Kept>({
    maxSize: mostBytes,
    // A pointer for each part, and what only this answer has: some 300 letters, and what surrounds an entry.
    sizeCalculation: ({ parts }, text) => parts.length * 8 + text.length + 600,
  });
  let under: readonly unknown[] = [];
  const isSame = (needs: Needs): boolean => under[0] === needs.policy() && under[1] === needs.today();
  return {
    find(needs, text) {
      if (!isSame(needs)) {
        answers.clear();
        under = [needs.policy(), needs.today()];
      }
      const known = answers.get(text);
      if (known === undefined) return undefined;
      needs.count?.(known.asked);
      return bytesOf(known.parts);
    },
    keep(needs, text, kept) {
      if (text.length <= longestKeptBody && isSame(needs)) answers.set(text, kept);
    },
  };
}
