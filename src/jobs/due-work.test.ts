import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startWorker } from './due-work.ts';

describe('due work', () => {
  it('is done until nothing is left, then again when it is woken, and not any more once it is stopped', async () => {
    let left = 3;
    let done = 0;
    const worker = startWorker(
      [
        {
          name: 'counting',
          everyMs: 3_600_000,
          async doSome() {
            if (left === 0) return false;
            left--;
            done++;
            return true;
          },
        },
      ],
      assert.fail,
    );
    await until(() => done === 3);
    left = 2;
    worker.wake();
    await until(() => done === 5);
    await worker.stop();
    left = 1;
    worker.wake();
    await new Promise(setImmediate);
    assert.equal(done, 5);
  });

  it('is woken by its name alone, also where it was just looking', async () => {
    const looked = { notices: 0, others: 0 };
    let isSlow: (() => void) | undefined;
    const work = (name: keyof typeof looked, wait: () => Promise<void> = async () => {}) => ({
      name,
      everyMs: 3_600_000,
      async doSome() {
        looked[name]++;
        await wait();
        return false;
      },
    });
    const slowOnce = () =>
      looked.notices === 1 ? new Promise<void>((resolve) => (isSlow = resolve)) : Promise.resolve();
    const worker = startWorker([work('notices', slowOnce), work('others')], assert.fail);
    await until(() => isSlow !== undefined && looked.others === 1);
    worker.wake('notices');
    isSlow?.();
    await until(() => looked.notices === 2);
    worker.wake('notices');
    await until(() => looked.notices >= 3);
    assert.equal(looked.others, 1);
    await worker.stop();
  });

  it('goes on after a failure, which is told, and lets what runs finish when it is stopped', async () => {
    const told: string[] = [];
    let calls = 0;
    let isFinished = false;
    const worker = startWorker(
      [
        {
          name: 'failing',
          everyMs: 1,
          async doSome() {
            calls++;
            if (calls === 1) throw new Error('the first time');
            await new Promise((resolve) => setTimeout(resolve, 20));
            isFinished = true;
            return false;
          },
        },
      ],
      (name, error) => void told.push(`${name}: ${(error as Error).message}`),
    );
    await until(() => calls === 2);
    await worker.stop();
    assert.deepEqual(told, ['failing: the first time']);
    assert.ok(isFinished);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
