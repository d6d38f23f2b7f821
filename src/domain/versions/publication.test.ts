import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hasBegun, inForceAt, nextAfter, type Publication, stateAt } from './publication.ts';

const instant = (minute: number): string => new Date(Date.UTC(2026, 10, 22, 0, minute)).toISOString();

/** Publications as they come about: one after another, each at once or for later. */
const histories: fc.Arbitrary<Publication[]> = fc
  .array(fc.record({ pause: fc.nat(30), wait: fc.oneof(fc.constant(0), fc.nat(60)) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((steps) => {
    let minute = 0;
    return steps.map(({ pause, wait }, index) => {
      minute += pause;
      const own = index === 0 ? 0 : wait;
      return {
        number: index + 1,
        hash: `${index % 4}`,
        publishedAt: instant(minute),
        effectiveAt: instant(minute + own),
        why: 'agreed' as const,
        proposedBy: 'a',
        agreedBy: 'b',
      };
    });
  });

const known = (all: readonly Publication[], at: string) => all.filter(({ publishedAt }) => publishedAt <= at);

describe('the publication in force', () => {
  it('is the latest that has begun, at every minute: as if somebody had kept watch all the time', () => {
    fc.assert(
      fc.property(histories, (all) => {
        // Somebody who looks every minute and takes whatever is newer than what they have.
        let held: Publication | null = null;
        for (let minute = 0; minute < 500; minute++) {
          const at = instant(minute);
          for (const one of known(all, at))
            if (one.effectiveAt <= at && (held === null || one.number > held.number)) held = one;
          assert.equal(inForceAt(known(all, at), at)?.number, held?.number);
        }
      }),
    );
  });

  it('never goes back to one that was published before, whatever was scheduled', () => {
    fc.assert(
      fc.property(histories, (all) => {
        let last = 0;
        for (let minute = 0; minute < 500; minute++) {
          const number = inForceAt(known(all, instant(minute)), instant(minute))?.number ?? 0;
          assert.ok(number >= last);
          last = number;
        }
      }),
    );
  });

  it('is in one state at a time: one is in force, what is scheduled comes, and what was replaced never does', () => {
    fc.assert(
      fc.property(histories, fc.nat(400), (all, minute) => {
        const at = instant(minute);
        const now = known(all, at);
        const states = new Map(now.map((one) => [one.number, stateAt(now, one, at)]));
        assert.equal(
          [...states.values()].filter((state) => state === 'in-force').length,
          now.length === 0 ? 0 : 1,
        );
        // As things stand, looking at every minute there will be and has been.
        const everInForce = new Set<number>();
        for (let later = 0; later <= 800; later++) {
          const then = inForceAt(known(now, instant(later)), instant(later));
          if (then !== null) everInForce.add(then.number);
        }
        for (const [number, state] of states) {
          if (state === 'scheduled')
            assert.ok(everInForce.has(number), `${number} is scheduled and never comes`);
          if (state === 'replaced')
            assert.ok(!everInForce.has(number), `${number} was replaced and still comes`);
          if (state === 'in-force') assert.equal(inForceAt(now, at)?.number, number);
        }
        const next = nextAfter(now, at);
        if (next !== null) {
          const justBefore = new Date(Date.parse(next.effectiveAt) - 1).toISOString();
          assert.equal(inForceAt(now, justBefore)?.number, inForceAt(now, at)?.number);
          assert.equal(inForceAt(now, next.effectiveAt)?.number, next.number);
        }
      }),
    );
  });

  it('has begun at once where it was published at once, also for a server whose clock is behind', () => {
    const one = { publishedAt: instant(10), effectiveAt: instant(10) };
    assert.ok(hasBegun(one, instant(5)));
    assert.ok(!hasBegun({ ...one, effectiveAt: instant(11) }, instant(5)));
  });
});
