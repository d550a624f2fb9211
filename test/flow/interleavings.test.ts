import { expect, test } from '@jest/globals';
import { isTooLate } from '../../shared/domain/subscribers/cadence.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { fc } from '../fast-check.ts';
import { isThorough } from '../thorough.ts';
import type { Crash } from './crashing-ports.ts';
import { crowdArbitrary, dueDigestsOf, parseDigestName, toSubscribers } from './crowd.ts';
import type { MailAnswer, SentMail } from './fake-services.ts';
import { createWorld, type Event, type World } from './fake-world.ts';

const RUNS = isThorough ? 5_000 : 100;

/** Mostly the newest message, so several workers often have the same one. */
const picks = fc.oneof(
  { weight: 2, arbitrary: fc.constant([0]) },
  { weight: 1, arbitrary: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }) },
);

const eventArbitrary: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('plan' as const) }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('fan out' as const), picks }) },
  { weight: 7, arbitrary: fc.record({ what: fc.constant('send' as const), picks }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('feedback' as const), picks }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('change' as const),
      pick: fc.nat(8),
      status: fc.constantFrom('confirmed' as const, 'unsubscribed' as const, 'paused' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('new papers' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('wait' as const), hours: fc.constantFrom(0.1, 0.25, 1, 8, 24) }),
  },
);

/** All events in any order, or one batch that all workers receive. */
const eventsArbitrary: fc.Arbitrary<readonly Event[]> = fc.oneof(
  { weight: 3, arbitrary: fc.array(eventArbitrary, { minLength: 10, maxLength: 40, size: 'max' }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 3, max: 8 })
      .map((times) => [
        { what: 'fan out' as const, picks: [0] },
        ...Array.from({ length: times }, () => ({ what: 'send' as const, picks: [0] })),
      ]),
  },
);

const crashArbitrary: fc.Arbitrary<Crash> = fc.record({
  atCall: fc.integer({ min: 1, max: 150 }),
  moment: fc.constantFrom('before', 'after'),
  scope: fc.constantFrom('call', 'worker'),
});

const mailAnswerArbitrary: fc.Arbitrary<MailAnswer> = fc.constantFrom(
  { result: { kind: 'throttled' } as const, isSent: false },
  { result: { kind: 'stopped', reason: 'AccountSendingPausedException' } as const, isSent: false },
  { result: { kind: 'uncertain', reason: 'ECONNRESET' } as const, isSent: false },
  { result: { kind: 'uncertain', reason: 'ECONNRESET' } as const, isSent: true },
);

const scenarioArbitrary = fc.record({
  scheduler: fc.scheduler(),
  crowd: crowdArbitrary,
  workers: fc.integer({ min: 2, max: 3 }),
  events: eventsArbitrary,
  disruptions: fc.record({
    crashes: fc.array(crashArbitrary, { maxLength: 5, size: 'max' }),
    mailAnswers: fc
      .array(fc.tuple(fc.nat(15), mailAnswerArbitrary), { maxLength: 8, size: 'max' })
      .map((answers) => new Map(answers)),
    refusals: fc.array(fc.nat(20), { maxLength: 5, size: 'max' }).map((numbers) => new Set(numbers)),
  }),
});

/** Returns the mails that repeat a digest, or a paper that their recipient got before. */
function findRepeats({ mails }: World): readonly SentMail[] {
  return mails.filter(({ digest, subscriberId, paperId }, n) =>
    mails
      .slice(0, n)
      .some(
        (other) =>
          other.digest === digest || (other.subscriberId === subscriberId && other.paperId === paperId),
      ),
  );
}

/** Returns the mails to a subscriber who wanted none at any time between the function's invocation and the sending. */
function findUnwanted({ mails, statusChanges }: World, crowd: readonly Subscriber[]): readonly SentMail[] {
  return mails.filter(({ subscriberId, invokedAt, sentAt }) => {
    const first = crowd.find(({ id }) => id === subscriberId)?.status;
    const own = statusChanges.filter((change) => change.subscriberId === subscriberId && change.at < sentAt);
    const atInvocation = own.findLast(({ at }) => at < invokedAt)?.status ?? first;
    const since = own.filter(({ at }) => at > invokedAt).map(({ status }) => status);
    return ![atInvocation, ...since].includes('confirmed');
  });
}

/**
 * Returns the digests that were due and not mailed, for subscribers who wanted them the whole time. A digest is not missing if its
 * worker died between claim and outcome, or if its message came days too late. One instant digest is enough.
 */
async function findMissing(world: World, crowd: readonly Subscriber[]) {
  const mailed = new Set(world.mails.map(({ digest }) => digest));
  const inDoubt = await world.loadUnsettled();
  const isSettled = (digest: string) => mailed.has(digest) || inDoubt.has(digest);
  const settledInstant = [...mailed, ...inDoubt].filter((digest) => digest.includes(' instant '));
  const faithful = crowd.filter(
    ({ id, status }) =>
      status === 'confirmed' && !world.statusChanges.some(({ subscriberId }) => subscriberId === id),
  );
  const untold = faithful.filter(
    ({ id, subscriptions }) =>
      subscriptions.some(({ cadence }) => cadence === 'instant') &&
      !settledInstant.some((digest) => digest.startsWith(`${id} `)),
  );
  const due = world.spans.flatMap((span) => faithful.flatMap((subscriber) => dueDigestsOf(subscriber, span)));
  const missing: string[] = [];
  for (const digest of due)
    if (!isSettled(digest) && !(await wasTooLate(world, digest))) missing.push(digest);
  return [...missing, ...untold.map(({ id }) => `${id} instant`)];
}

/** Returns whether the ledger says that a digest came too late, and it did. */
async function wasTooLate({ loadOutcome, now }: World, digest: string): Promise<boolean> {
  const key = parseDigestName(digest);
  const outcome = await loadOutcome(key);
  const isSkipped = outcome?.state === 'skipped' && outcome.reason === 'too-late';
  return isSkipped && isTooLate(key.cadence, key.period, now());
}

/** Returns the mails that the ledger does not know after all events about them. */
async function findUnrecorded({ mails, loadOutcome }: World): Promise<readonly SentMail[]> {
  const outcomes = await Promise.all(mails.map(({ key }) => loadOutcome(key)));
  return mails.filter(({ messageId }, n) => {
    const outcome = outcomes[n];
    return outcome?.state !== 'sent' || outcome.messageId !== messageId;
  });
}

test('in any order, with any repeats and crashes, everyone gets each mail that they want, and only once', async () => {
  const totals = { mails: 0, crashes: 0, inDoubt: 0 };

  await fc.assert(
    fc.asyncProperty(scenarioArbitrary, async ({ scheduler, workers, events, disruptions, ...scenario }) => {
      const crowd = toSubscribers(scenario.crowd);
      const world = await createWorld(scheduler, crowd, disruptions);
      const toCome = [...events];
      const work = async () => {
        for (let event = toCome.shift(); event; event = toCome.shift()) {
          await world.bringAbout(event);
          await scheduler.schedule(Promise.resolve());
        }
      };

      await scheduler.waitFor(Promise.all(Array.from({ length: workers }, work)));
      totals.mails += world.mails.length;
      await world.workOff();

      expect(findRepeats(world)).toEqual([]);
      expect(findUnwanted(world, crowd)).toEqual([]);
      expect(await findMissing(world, crowd)).toEqual([]);
      expect(await findUnrecorded(world)).toEqual([]);
      totals.crashes += world.crashes();
      totals.inDoubt += (await world.loadUnsettled()).size;
    }),
    { numRuns: RUNS },
  );

  // Without these the property would hold because nothing went wrong.
  expect(totals.mails).toBeGreaterThan(RUNS / 2);
  expect(totals.crashes).toBeGreaterThan(RUNS / 4);
  expect(totals.inDoubt).toBeGreaterThan(RUNS / 50);
});
