import type { AuditEvent, AuditRecord, NewAuditEvent } from './event.ts';

/** SHA-256 of a text, in hex. Passed in, because domain does no cryptography. */
export type Hash = (text: string) => string;

/** Where a chain ends: the number and the hash of its last event. */
export type AuditHead = { readonly number: number; readonly hash: string };

/** The head of a chain without events. */
export const emptyHead: AuditHead = { number: 0, hash: '0'.repeat(64) };

/** Gives events their places at the end of a chain. */
export function appendToChain(
  head: AuditHead,
  events: readonly NewAuditEvent[],
  hash: Hash,
): { readonly records: readonly AuditRecord[]; readonly head: AuditHead } {
  let now = head;
  const records = events.map(({ payload, ...event }): AuditRecord => {
    const text = JSON.stringify(payload);
    const linked = { ...event, number: now.number + 1, payloadHash: hash(text) };
    now = { number: linked.number, hash: linkHash(now.hash, linked, hash) };
    return { ...linked, hash: now.hash, payload: text };
  });
  return { records, head: now };
}

/** What is wrong with a trail, with the number of the event that it is about. */
export type AuditFinding = {
  readonly number: number;
  readonly kind: 'changed' | 'missing' | 'reordered' | 'payload-changed' | 'payload-missing' | 'head';
  readonly detail: string;
};

export type AuditCheck = {
  readonly count: number;
  readonly findings: readonly AuditFinding[];
  /** Events whose payload was disposed of in its time, as an event of the trail says. */
  readonly disposed: readonly number[];
  /** The last event that was read. */
  readonly head: AuditHead;
};

/** Heads to hold a trail against. */
export type Heads = {
  readonly before: AuditHead;
  readonly after: AuditHead;
  readonly known?: AuditHead | undefined;
};

// Looking for what was put elsewhere takes time with the cube of what does not fit.
const mostToPlace = 24;

/**
 * Checks a trail from its first event to its last, in the order of their numbers: no event changed, missing or put elsewhere,
 * every payload as it was or disposed of by an event that says so, and the stored head where the events end.
 */
export class ChainCheck {
  readonly #hash: Hash;
  readonly #findings: AuditFinding[] = [];
  readonly #misfits: { readonly event: AuditEvent; readonly before: readonly string[] }[] = [];
  readonly #withoutPayload: number[] = [];
  readonly #disposed = new Set<number>();
  #count = 0;
  #last: AuditHead = emptyHead;
  /** What the hash before should be: as stored, and as it follows from the content, which differ after a change. */
  #before: readonly string[] = [emptyHead.hash];

  readonly #marks: ReadonlySet<number>;
  readonly #marked = new Map<number, string>();

  /** `marks` are the numbers of events whose hashes are wanted at the end: those of the heads. */
  constructor(hash: Hash, marks: readonly number[] = []) {
    this.#hash = hash;
    this.#marks = new Set(marks);
  }

  /** Takes the next event. */
  next(record: AuditRecord): void {
    const expected = this.#last.number + 1;
    if (record.number !== expected) this.#noteGap(expected, record.number);
    const candidates = record.number === expected ? this.#before : null;
    const own = candidates?.map((before) => linkHash(before, record, this.#hash));
    if (own !== undefined && !own.includes(record.hash))
      this.#misfits.push({ event: record, before: candidates ?? [] });
    this.#before = [...new Set([record.hash, ...(own ?? [])])];
    this.#checkPayload(record);
    if (this.#marks.has(record.number)) this.#marked.set(record.number, record.hash);
    this.#last = { number: record.number, hash: record.hash };
    this.#count += 1;
  }

  /**
   * Ends the check. `before` and `after` are what the trail said of its end before and after it was read: events may have come
   * in between. `known` is a head that was taken out earlier.
   */
  end({ before, after, known }: Heads): AuditCheck {
    const findings = [...this.#findings, ...this.#describeMisfits()];
    for (const number of this.#withoutPayload) {
      if (!this.#disposed.has(number))
        findings.push({
          number,
          kind: 'payload-missing',
          detail: 'its payload is gone, and no event says why',
        });
    }
    findings.push(...this.#checkEnd(before, after));
    if (known !== undefined && known.number > 0 && this.#marked.get(known.number) !== known.hash)
      findings.push({
        number: known.number,
        kind: this.#marked.has(known.number) ? 'changed' : 'missing',
        detail:
          known.number > this.#last.number
            ? `the trail ends with event ${this.#last.number}, before this head: take out the head first, then the trail`
            : 'it is not the event that the head was taken of',
      });
    return {
      count: this.#count,
      findings: findings.sort((a, b) => a.number - b.number),
      disposed: this.#withoutPayload.filter((number) => this.#disposed.has(number)),
      head: this.#last,
    };
  }

  #checkEnd(before: AuditHead, after: AuditHead): AuditFinding[] {
    const { number, hash } = this.#last;
    if (number < before.number)
      return [
        {
          number: number + 1,
          kind: 'missing',
          detail: `the trail says that it ends with event ${before.number}`,
        },
      ];
    const wrong = (head: AuditHead): AuditFinding[] => [
      { number: head.number, kind: 'head', detail: 'the stored head is not that of the last event' },
    ];
    if (after.number === 0 && number > 0)
      return [{ number, kind: 'head', detail: 'it is the last one, and no stored head says so' }];
    if (number > after.number) return wrong(after);
    if (before.number > 0 && this.#marked.get(before.number) !== before.hash) return wrong(before);
    return number === after.number && hash !== after.hash ? wrong(after) : [];
  }

  #noteGap(expected: number, number: number): void {
    const last = number - 1;
    this.#findings.push({
      number: expected,
      kind: 'missing',
      detail: last > expected ? `the events ${expected} to ${last} are missing` : 'it is missing',
    });
  }

  #checkPayload({ number, action, payload, payloadHash }: AuditRecord): void {
    if (payload === null) {
      this.#withoutPayload.push(number);
      return;
    }
    if (this.#hash(payload) !== payloadHash) {
      this.#findings.push({ number, kind: 'payload-changed', detail: 'its payload is not what was written' });
      return;
    }
    if (action === 'payloads-disposed') for (const one of disposedIn(payload)) this.#disposed.add(one);
  }

  // What does not fit where it stands may fit where another misfit stands: then the two changed places.
  #describeMisfits(): AuditFinding[] {
    const events = this.#misfits.map(({ event }) => event);
    if (events.length > mostToPlace) return events.map(changed);
    const hashes = this.#misfits.flatMap(({ event, before }) => [event.hash, ...before]);
    return events.flatMap((event) => {
      // It follows what stood before it once, so it is that which moved away.
      if (hashes.some((before) => linkHash(before, event, this.#hash) === event.hash)) return [];
      const place = events.find(
        ({ number }) =>
          number !== event.number &&
          hashes.some((before) => linkHash(before, { ...event, number }, this.#hash) === event.hash),
      );
      if (place === undefined) return changed(event);
      const detail = `what stands there was written as event ${place.number}`;
      return { number: event.number, kind: 'reordered' as const, detail };
    });
  }
}

function changed({ number }: AuditEvent): AuditFinding {
  return { number, kind: 'changed', detail: 'it is not what was written' };
}

// The numbers that an event of disposing names, as ranges: `[[first, last], …]`.
function disposedIn(payload: string): number[] {
  const { ranges } = JSON.parse(payload) as { readonly ranges?: readonly (readonly [number, number])[] };
  return (ranges ?? []).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, place) => first + place),
  );
}

// A list and not an object: its order is part of what it says.
function linkHash(before: string, event: Omit<AuditEvent, 'hash'>, hash: Hash): string {
  const { number, at, actor, action, entry, payloadHash, keepUntil } = event;
  return hash(`${before}\n${JSON.stringify([number, at, actor, action, entry, payloadHash, keepUntil])}`);
}
