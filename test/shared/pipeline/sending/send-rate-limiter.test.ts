import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { createAccount } from '../../../../local/ses/account.ts';
import { addMs, msBetween, toEpochMs } from '../../../../shared/domain/time/time.ts';
import {
  createSendRateLimiter,
  loadFirstQuota,
  type SendRateLimiter,
} from '../../../../shared/pipeline/sending/send-rate-limiter.ts';
import type { PutOffReason } from '../../../../shared/pipeline/sending/waiting.ts';
import type { SendQuota } from '../../../../shared/ports/mail.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { createVirtualTime, type VirtualTime } from '../../../simulation/virtual-time.ts';

const START = '2026-01-05T08:00:00.000Z';
const IN_AN_HOUR = addMs(START, 3_600_000);
const QUOTA: SendQuota = { maxPerSec: 14, maxPerDay: 50_000, sentLastDay: 0 };

/** A rate limiter on virtual time, with the number of its waits and quota reads. */
function openLimiter(answer: (n: number) => SendQuota | Error = () => QUOTA, workers = 2) {
  const time = createVirtualTime(START);
  const telemetry = createFakeTelemetry();
  const sleeps: number[] = [];
  let reads = 0;
  const quota = {
    async load() {
      reads += 1;
      const quota = answer(reads);
      if (quota instanceof Error) throw quota;
      return quota;
    },
  };
  const timer = {
    wait(ms: number) {
      sleeps.push(ms);
      return time.wait(ms);
    },
  };
  const rateLimiter = createSendRateLimiter({ quota, clock: time, timer, telemetry }, workers);
  return { rateLimiter, time, telemetry, sleeps, reads: () => reads };
}

/** Requests a permit, and returns the result and the time it took. */
const timed = async (time: VirtualTime, rateLimiter: SendRateLimiter, until: string) => {
  const from = time.now();
  const permit = await rateLimiter.acquire(until);
  return [permit, msBetween(from, time.now())] as const;
};

describe('permits', () => {
  test('come in the order of the calls, at the worker’s share of the rate', async () => {
    const { rateLimiter, time } = openLimiter();
    const order: number[] = [];
    const permits = async () => {
      await rateLimiter.checkSending();
      await Promise.all(
        Array.from({ length: 70 }, async (_, n) => {
          await rateLimiter.acquire(IN_AN_HOUR);
          order.push(n);
        }),
      );
    };

    await time.run(permits());

    expect(order).toEqual(Array.from({ length: 70 }, (_, n) => n));
    expect(msBetween(START, time.now())).toBeGreaterThanOrEqual(10_000);
    expect(msBetween(START, time.now())).toBeLessThan(10_100);
  });

  test('that are returned go to a caller that waits', async () => {
    const { rateLimiter, time } = openLimiter(() => ({ ...QUOTA, maxPerSec: 0.2 }), 1);
    const permits = async () => {
      await rateLimiter.checkSending();
      await rateLimiter.acquire(IN_AN_HOUR);
      const second = timed(time, rateLimiter, IN_AN_HOUR);
      rateLimiter.refund();
      return second;
    };

    expect(await time.run(permits())).toEqual(['go', 1_000]);
  });

  test('are refused to a caller that is out of time, even if the worker is slow', async () => {
    const { rateLimiter, time, sleeps } = openLimiter();
    const permits = async () => {
      await rateLimiter.checkSending();
      for (let n = 0; n < 1000; n += 1) rateLimiter.report('throttled');
      // The first throttles are rare, so their mails get the credit back.
      for (let n = 0; n < 3; n += 1) await rateLimiter.acquire(IN_AN_HOUR);
      const now = time.now();
      return Promise.all([
        timed(time, rateLimiter, addMs(now, 7_700)),
        timed(time, rateLimiter, addMs(now, 2_500)),
      ]);
    };

    expect(await time.run(permits())).toEqual([
      ['out-of-time', 7_700],
      ['out-of-time', 2_500],
    ]);
    expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(1);
    expect(sleeps.length).toBeLessThan(40);
  });

  test('are refused within a second to a later caller with less time', async () => {
    const { rateLimiter, time } = openLimiter(() => ({ ...QUOTA, maxPerSec: 0.2 }), 1);
    const permits = async () => {
      await rateLimiter.checkSending();
      const first = timed(time, rateLimiter, IN_AN_HOUR);
      await time.wait(100);
      const ends = await Promise.all([
        timed(time, rateLimiter, addMs(START, 200)),
        timed(time, rateLimiter, START),
      ]);
      return [await first, ...ends];
    };

    expect(await time.run(permits())).toEqual([
      ['go', 5_000],
      ['out-of-time', 900],
      ['out-of-time', 900],
    ]);
  });

  test('go to the next caller when an earlier one is out of time', async () => {
    const { rateLimiter, time } = openLimiter(() => ({ ...QUOTA, maxPerSec: 0.5 }), 1);
    const permits = async () => {
      await rateLimiter.checkSending();
      return Promise.all([
        timed(time, rateLimiter, addMs(START, 1_500)),
        timed(time, rateLimiter, IN_AN_HOUR),
      ]);
    };

    expect(await time.run(permits())).toEqual([
      ['out-of-time', 1_500],
      ['go', 2_000],
    ]);
  });

  test('fail for all callers when the timer fails, and continue after that', async () => {
    const clock = createManualClock(START);
    let fails = true;
    const timer = {
      async wait(ms: number) {
        if (fails) throw new Error('no timer');
        await clock.wait(ms);
      },
    };
    const ports = { quota: { load: async () => QUOTA }, clock, timer, telemetry: createFakeTelemetry() };
    const rateLimiter = createSendRateLimiter(ports, 2);
    await rateLimiter.checkSending();

    const ends = await Promise.allSettled([1, 2, 3].map(() => rateLimiter.acquire(IN_AN_HOUR)));
    fails = false;

    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await rateLimiter.acquire(IN_AN_HOUR)).toBe('go');
  });

  test('fail if checkSending was not called first', async () => {
    const { rateLimiter } = openLimiter();

    await expect(rateLimiter.acquire(IN_AN_HOUR)).rejects.toThrow('call checkSending first');
  });
});

describe('an obstacle', () => {
  test.each<PutOffReason & ('quota-used-up' | 'stopped' | 'unreachable')>([
    'quota-used-up',
    'stopped',
    'unreachable',
  ])('from a mail (%s) ends all permits within a second, and lasts a minute', async (kind) => {
    const { rateLimiter, time } = openLimiter(() => ({ ...QUOTA, maxPerSec: 0.2 }), 1);
    const permits = async () => {
      await rateLimiter.checkSending();
      const all = [1, 2, 3].map(() => timed(time, rateLimiter, IN_AN_HOUR));
      rateLimiter.report(kind);
      const ended = await Promise.all(all);
      const later = await rateLimiter.acquire(IN_AN_HOUR);
      const seen = [await rateLimiter.checkSending()];
      await time.wait(60_000);
      seen.push(await rateLimiter.checkSending());
      return { ended, later, seen };
    };

    expect(await time.run(permits())).toEqual({
      ended: [1, 2, 3].map(() => [kind, 1_000]),
      later: kind,
      seen: [kind, undefined],
    });
  });

  test('is the fifth mail in a row without a clear answer, and then the next one after each minute', async () => {
    const { rateLimiter, time } = openLimiter();
    const seen: unknown[] = [];
    const reported = async () => {
      await rateLimiter.checkSending();
      for (const kind of ['uncertain', 'uncertain', 'uncertain', 'uncertain', 'accepted'] as const) {
        rateLimiter.report(kind);
        seen.push(await rateLimiter.checkSending());
      }
      for (let n = 1; n <= 5; n += 1) rateLimiter.report('uncertain');
      seen.push(await rateLimiter.acquire(IN_AN_HOUR));
      await time.wait(60_000);
      seen.push(await rateLimiter.checkSending());
      rateLimiter.report('uncertain');
      seen.push(await rateLimiter.checkSending());
      await time.wait(60_000);
      rateLimiter.report('throttled');
      rateLimiter.report('uncertain');
      seen.push(await rateLimiter.checkSending());
    };

    await time.run(reported());

    const four = [undefined, undefined, undefined, undefined];
    expect(seen).toEqual([...four, undefined, 'unreachable', undefined, 'unreachable', undefined]);
  });

  test('is a quota that others or this worker used up', async () => {
    const usedUp = openLimiter(() => ({ ...QUOTA, maxPerDay: 200, sentLastDay: 200 }));
    expect(await usedUp.rateLimiter.checkSending()).toBe('quota-used-up');

    const almost = openLimiter(() => ({ ...QUOTA, maxPerDay: 200, sentLastDay: 198 }));
    const seen: unknown[] = [await almost.rateLimiter.checkSending()];
    for (const kind of ['accepted', 'rejected', 'throttled', 'accepted'] as const) {
      almost.rateLimiter.report(kind);
      seen.push(await almost.rateLimiter.checkSending());
    }
    expect(seen).toEqual([undefined, undefined, undefined, undefined, 'quota-used-up']);
  });

  test('is a quota that cannot be read in a new worker, until it can be', async () => {
    const { rateLimiter, time, telemetry, reads } = openLimiter((n) =>
      n <= 6 ? new Error('AccessDenied') : QUOTA,
    );
    const asked = async () => {
      const seen = [await rateLimiter.checkSending(), await rateLimiter.checkSending()];
      const readsMeanwhile = reads();
      await time.wait(60_000);
      return { seen: [...seen, await rateLimiter.checkSending()], readsMeanwhile };
    };

    expect(await time.run(asked())).toEqual({
      seen: ['unreachable', 'unreachable', undefined],
      readsMeanwhile: 6,
    });
    expect(telemetry.sentences).toEqual(['The send quota could not be read']);
  });

  test('does not arise if a known quota cannot be read again', async () => {
    const { rateLimiter, time, telemetry, reads } = openLimiter((n) =>
      n === 2 ? new Error('Throttling') : QUOTA,
    );
    const asked = async () => {
      const seen = [await rateLimiter.checkSending()];
      await time.wait(60_000);
      seen.push(await rateLimiter.checkSending(), await rateLimiter.checkSending());
      return seen;
    };

    expect(await time.run(asked())).toEqual([undefined, undefined, undefined]);
    expect(reads()).toBe(2);
    expect(telemetry.sentences).toEqual(['The send quota could not be read']);
  });
});

describe('the first quota', () => {
  const load = async (failures: number, workers: number) => {
    const time = createVirtualTime(START);
    let reads = 0;
    const quota = {
      async load() {
        reads += 1;
        if (reads <= failures) throw new Error(`failure ${reads}`);
        return QUOTA;
      },
    };
    const waits: number[] = [];
    const timer = {
      async wait(ms: number) {
        waits.push(ms);
        await time.wait(ms);
      },
    };
    const end = await time
      .run(loadFirstQuota({ quota, timer }, workers))
      .catch((error: unknown) => String(error));
    return { end, reads, waits };
  };

  test.each([0, 1, 5])('is retried after %d failures', async (failures) => {
    expect(await load(failures, 2)).toMatchObject({ end: QUOTA, reads: failures + 1 });
  });

  test('is read six times at most', async () => {
    expect(await load(99, 2)).toMatchObject({ end: 'Error: failure 6', reads: 6 });
  });

  test.each([
    [2, 2_000],
    [1000, 20_000],
  ])('of %d workers is read again within %d milliseconds', async (workers, longestMs) => {
    const { waits } = await load(99, workers);

    expect(waits).toHaveLength(5);
    expect(Math.max(...waits)).toBeLessThanOrEqual(longestMs);
  });
});

describe('a known quota', () => {
  /** Asks for an hour, once a second. */
  const countReadsInAnHour = (workers: number) => {
    const { rateLimiter, time, reads } = openLimiter(undefined, workers);
    const ask = async () => {
      for (let second = 0; second < 3_600; second += 1) {
        await rateLimiter.checkSending();
        await time.wait(1_000);
      }
      return reads();
    };
    return time.run(ask());
  };

  test('is read once a minute, and by many workers together at most once in two seconds', async () => {
    expect(await countReadsInAnHour(2)).toBe(60);
    expect(200 * (await countReadsInAnHour(200))).toBeLessThanOrEqual(1_800);
  });

  test('that is read again leaves a worker as slow as SES made it', async () => {
    const { rateLimiter, time, reads } = openLimiter();
    const sendSlowly = async () => {
      await rateLimiter.checkSending();
      for (let n = 0; n < 40; n += 1) rateLimiter.report('throttled');
      await time.wait(61_000);
      await rateLimiter.checkSending();
      const from = time.now();
      for (let n = 0; n < 20; n += 1) await rateLimiter.acquire(IN_AN_HOUR);
      return msBetween(from, time.now());
    };

    // At its full share of seven a second, a worker sends twenty mails in less than three seconds.
    expect(await time.run(sendSlowly())).toBeGreaterThan(6_000);
    expect(reads()).toBe(2);
  });
});

describe('two workers', () => {
  test.each([
    ['a worker that joins while the other sends', 14, 10_000],
    ['a worker that joins an idle one', 14, 0],
    ['workers of an account that is just large enough', 2, 7_300],
  ])('never exceed the account’s rate, and use most of it: %s', async (_, maxSendRate, joinsAfterMs) => {
    const { sentInLastHalfMinute, throttled } = await sendAsTwo(maxSendRate, joinsAfterMs);

    expect(throttled).toBe(0);
    expect(sentInLastHalfMinute).toBeGreaterThanOrEqual(30 * maxSendRate * 0.95);
  });

  test('with one mail a second may send in the same second, and the throttled mail goes out later', async () => {
    const { sentInLastHalfMinute, throttled } = await sendAsTwo(1, 0);

    expect(throttled).toBeGreaterThan(0);
    expect(sentInLastHalfMinute).toBeGreaterThanOrEqual(10);
  });
});

/** Two workers send for two minutes to an account that counts a second's worth, the second of them from a moment on. */
async function sendAsTwo(maxSendRate: number, joinsAfterMs: number) {
  const time = createVirtualTime(START);
  const account = createAccount({ maxSendRate }, time, []);
  const quota = { load: async () => ({ ...QUOTA, maxPerSec: maxSendRate }) };
  const end = addMs(START, 120_000);
  const sentAt: number[] = [];
  let throttled = 0;
  const isAdmitted = () => {
    try {
      account.admit(1);
      return true;
    } catch {
      throttled += 1;
      return false;
    }
  };
  const send = async (rateLimiter: SendRateLimiter, mails: number) => {
    await rateLimiter.checkSending();
    for (let sent = 0; sent < mails && (await rateLimiter.acquire(end)) === 'go'; ) {
      if (isAdmitted()) {
        rateLimiter.report('accepted');
        sentAt.push(toEpochMs(time.now()));
        sent += 1;
      } else rateLimiter.report('throttled');
    }
  };
  const work = async (startsAfterMs: number) => {
    await time.wait(startsAfterMs);
    const rateLimiter = createSendRateLimiter(
      { quota, clock: time, timer: time, telemetry: createFakeTelemetry() },
      2,
    );
    // It is idle for some time, then continues: it spends its saved credit immediately.
    await send(rateLimiter, 20);
    await time.wait(15_000);
    await send(rateLimiter, Number.POSITIVE_INFINITY);
  };
  await time.run(Promise.all([work(0), work(joinsAfterMs)]));
  const from = toEpochMs(addMs(end, -30_000));
  return { sentInLastHalfMinute: sentAt.filter((at) => at >= from).length, throttled };
}
