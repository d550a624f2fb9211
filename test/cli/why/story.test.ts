import { describe, expect, test } from '@jest/globals';
import { explain, parseWhyArguments } from '../../../cli/why/run-why.ts';
import { type Known, tellStory } from '../../../cli/why/story.ts';
import { createHandClock } from '../../../local/hand-clock.ts';
import type { Delivery } from '../../../shared/domain/delivery.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import type { KeptDelivery } from '../../../shared/ledger-ports.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-01-06T12:00:00.000Z';
const DAY = '2026-01-06';
const COMPLETE = { batches: 1, planned: 40, isComplete: true };

const tell = (known: Partial<Known>) =>
  tellStory({
    ...{ subscriber: createSubscriber(), deliveries: [], day: DAY, now: NOW },
    whenUncertain: 'at-most-once',
    progressOf: () => undefined,
    ...known,
  }).join('\n');

function record(outcome: Delivery['outcome'], overrides: Partial<Delivery> = {}): KeptDelivery {
  const key = { subscriberId: 'ada', cadence: 'daily', period: DAY } as const;
  const claimedAt = '2026-01-06T07:00:01.000Z';
  const delivery = { ...key, outcome, paperIds: ['2601.00001'], claimedAt, ...overrides };
  return { recordId: `${delivery.cadence}#${delivery.period}`, delivery, origin: undefined };
}

describe('the story of a digest', () => {
  test.each([
    [
      { state: 'sent', messageId: 'm-1' },
      'was claimed at 2026-01-06T07:00:01.000Z and sent with 1 paper, as SES message m-1.',
    ],
    [{ state: 'skipped', reason: 'nothing-new' }, 'was skipped at 2026-01-06T07:00:01.000Z: nothing-new.'],
    [
      { state: 'failed', reason: 'MessageRejected: no' },
      'was claimed at 2026-01-06T07:00:01.000Z and failed: MessageRejected: no.',
    ],
    [
      { state: 'uncertain', reason: 'ECONNRESET' },
      'was claimed at 2026-01-06T07:00:01.000Z, and nobody knows whether it was sent (ECONNRESET): it is not sent again.',
    ],
    [
      { state: 'claimed' },
      'was claimed at 2026-01-06T07:00:01.000Z and left by a worker that died, and nobody knows whether it was sent: it is not sent again.',
    ],
  ] as const)('tells of one that is %j', (outcome, words) => {
    expect(tell({ deliveries: [record(outcome)] })).toContain(`The daily digest of 2026-01-06 ${words}`);
  });

  test('tells of a claim within a quarter hour that a worker has it in hand', () => {
    const claimed = record({ state: 'claimed' });

    expect(tell({ deliveries: [claimed], now: '2026-01-06T07:15:00.999Z' })).toContain(
      "was claimed at 2026-01-06T07:00:01.000Z and is in a worker's hands.",
    );
  });

  test.each([
    [{ state: 'uncertain', reason: 'ECONNRESET' }, 1, 'it may be sent again, if its message comes again.'],
    [{ state: 'claimed' }, 2, 'it may be sent again, if its message comes again.'],
    [{ state: 'uncertain', reason: 'ECONNRESET' }, 3, 'it was tried 3 times, and is not sent again.'],
    [{ state: 'claimed' }, 3, 'it was tried 3 times, and is not sent again.'],
  ] as const)('tells under at-least-once what becomes of %j after %d tries', (outcome, tries, words) => {
    const deliveries = [record(outcome, { tries })];

    expect(tell({ deliveries, whenUncertain: 'at-least-once' })).toContain(words);
  });

  test('promises no repeat to a reader who left, whose message may be gone', () => {
    const subscriber = createSubscriber({ status: 'unsubscribed' });
    const deliveries = [record({ state: 'uncertain', reason: 'ECONNRESET' })];

    const story = tell({ subscriber, deliveries, whenUncertain: 'at-least-once' });

    expect(story).not.toContain('it is sent again');
    expect(story).toContain('it may be sent again, if its message comes again.');
  });

  test('is told on the day of the edition that brought it, whatever the subscriber asks for since', () => {
    const kept = record({ state: 'sent', messageId: 'm' }, { cadence: 'weekly', period: '2026-W02' });
    const edition = { cadence: 'weekly', period: '2026-W02', cohort: 'weekly#Europe/Berlin#08#2' } as const;
    const deliveries = [{ ...kept, origin: { ...edition, batch: 0 } }];

    const words = 'The weekly digest of 2026-W02 was claimed';
    expect(tell({ deliveries })).toContain(words);
    expect(tell({ deliveries, day: '2026-01-05' })).not.toContain(words);
  });

  test('names a record that cannot be read', () => {
    const unreadable = { recordId: 'daily#2026-01-06', delivery: undefined, origin: undefined };

    expect(tell({ deliveries: [unreadable] })).toContain('record daily#2026-01-06 cannot be read');
  });

  test('says when the profile cannot be read, and still tells of the digests', () => {
    const deliveries = [record({ state: 'sent', messageId: 'm-1' })];

    const story = tell({ subscriber: undefined, profileFault: 'hour: expected number', deliveries });

    expect(story).toContain('The profile cannot be read (hour: expected number)');
    expect(story).toContain('as SES message m-1');
    expect(story).not.toContain('Nobody has this address');
  });

  test('leaves out those of other days', () => {
    const other = record({ state: 'sent', messageId: 'm' }, { period: '2026-01-05' });

    expect(tell({ deliveries: [other] })).not.toContain('2026-01-05');
  });
});

describe('why there is no digest', () => {
  test('for an address that nobody has', () => {
    expect(tell({ subscriber: undefined })).toMatch(/^Nobody has this address/);
  });

  test.each([
    [{ status: 'unsubscribed' }, 'The subscriber is unsubscribed; the last consent is of 2026-01-01'],
    [{ status: 'paused', pausedUntil: '2026-02-01' }, 'The subscriber is paused until 2026-02-01;'],
    [{ status: 'paused', pausedUntil: '2026-01-02' }, 'The subscriber is confirmed;'],
    [{ softBounces: 2 }, '2 mails in a row came back'],
  ] as const)('tells the state of the profile: %j', (overrides, words) => {
    expect(tell({ subscriber: createSubscriber(overrides) })).toContain(words);
  });

  test('tells when the next is due where none was', () => {
    const weekly = createSubscriber({ subscriptions: [createSubscription({ cadence: 'weekly' })] });
    const monthly = createSubscriber({ subscriptions: [createSubscription({ cadence: 'monthly' })] });

    expect(tell({ subscriber: weekly })).toContain(
      'it comes every Monday at 08:00 (Europe/Berlin), next on 2026-01-12.',
    );
    expect(tell({ subscriber: monthly })).toContain('next on 2026-02-01.');
  });

  test.each([
    [undefined, 'was not planned'],
    [{ ...COMPLETE, isComplete: false }, 'is incomplete: 40 were planned so far.'],
    [COMPLETE, 'was planned for 40, and the ledger has no record'],
  ])('tells how far its edition came', (progress, words) => {
    const story = tell({ progressOf: () => progress });

    expect(story).toContain('The daily edition of 2026-01-06 for daily#Europe/Berlin#08');
    expect(story).toContain(words);
  });

  test('claims nothing of instant digests that the ledger does not tell', () => {
    const instant = createSubscriber({ subscriptions: [createSubscription({ cadence: 'instant' })] });

    expect(tell({ subscriber: instant })).toContain(
      'The ledger has no instant digest of 2026-01-06 (UTC): nothing new came on the lists of instant#hf-daily, the planner did not run, its message waits, or the subscriber joined the cohort later.',
    );
  });
});

test('everything is looked up under the id alone', async () => {
  const clock = createHandClock(NOW);
  const repositories = createFakeRepositories(clock);
  const ports = { ...repositories, clock, whenUncertain: 'at-most-once' } as const;
  const { id } = await repositories.subscribers.save(createSubscriber({ id: 'ada' }));
  const edition = { cadence: 'daily', period: DAY, cohort: 'daily#Europe/Berlin#08' } as const;
  await repositories.editions.saveProgress(edition, COMPLETE, undefined);

  expect((await explain(ports, id, DAY)).join('\n')).toContain('was planned for 40');
  const key = { subscriberId: id, cadence: 'daily', period: DAY } as const;
  await repositories.deliveries.skip(
    key,
    { ...edition, batch: 0 },
    { state: 'skipped', reason: 'nothing-new' },
    NOW,
  );

  expect((await explain(ports, id, DAY)).join('\n')).toContain(
    'skipped at 2026-01-06T12:00:00.000Z: nothing-new',
  );
});

test.each([
  [['ada', DAY] as const, '"ada": expected an e-mail address'],
  [['ada@example.org', 'monday'] as const, '"monday": expected a day like 2026-01-06'],
])('%j is refused with what is expected', (given, words) => {
  expect(() => parseWhyArguments(given)).toThrow(InvalidInputError);
  expect(() => parseWhyArguments(given)).toThrow(words);
});
