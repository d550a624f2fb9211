import { describe, expect, test } from '@jest/globals';
import { explain, parseWhyArguments } from '../../../cli/why/command.ts';
import { type Known, tellStory } from '../../../cli/why/story.ts';
import { createHandClock } from '../../../local/hand-clock.ts';
import type { Delivery } from '../../../shared/domain/delivery.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-01-06T12:00:00.000Z';
const DAY = '2026-01-06';
const COMPLETE = { batches: 1, planned: 40, isComplete: true };

const tell = (known: Partial<Known>) =>
  tellStory({
    ...{ subscriber: createSubscriber(), deliveries: [], day: DAY, now: NOW, progressOf: () => undefined },
    ...known,
  }).join('\n');

function record(outcome: Delivery['outcome'], overrides: Partial<Delivery> = {}): Delivery {
  const key = { subscriberId: 'ada', cadence: 'daily', period: DAY } as const;
  return { ...key, outcome, paperIds: ['2601.00001'], claimedAt: '2026-01-06T07:00:01.000Z', ...overrides };
}

describe('the story of a digest', () => {
  test.each([
    [
      { state: 'sent', messageId: 'm-1' },
      'was sent at 2026-01-06T07:00:01.000Z with 1 paper, as SES message m-1.',
    ],
    [{ state: 'skipped', reason: 'nothing-new' }, 'was skipped at 2026-01-06T07:00:01.000Z: nothing-new.'],
    [
      { state: 'failed', reason: 'MessageRejected: no' },
      'failed at 2026-01-06T07:00:01.000Z: MessageRejected: no.',
    ],
    [
      { state: 'uncertain', reason: 'ECONNRESET' },
      'is uncertain since 2026-01-06T07:00:01.000Z: the answer of SES was lost (ECONNRESET)',
    ],
    [{ state: 'claimed' }, 'was claimed at 2026-01-06T07:00:01.000Z and not settled'],
  ] as const)('tells of one that is %j', (outcome, words) => {
    expect(tell({ deliveries: [record(outcome)] })).toContain(`The daily digest of 2026-01-06 ${words}`);
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

  test('says of instant digests that there was nothing new', () => {
    const instant = createSubscriber({ subscriptions: [createSubscription({ cadence: 'instant' })] });

    expect(tell({ subscriber: instant })).toContain('No instant digest');
  });
});

test('everything is looked up under the id alone', async () => {
  const repositories = createFakeRepositories(createHandClock(NOW));
  const { id } = await repositories.subscribers.save(createSubscriber({ id: 'ada' }));
  const edition = { cadence: 'daily', period: DAY, cohort: 'daily#Europe/Berlin#08' } as const;
  await repositories.editions.saveProgress(edition, COMPLETE, undefined);

  expect((await explain(repositories, id, DAY)).join('\n')).toContain('was planned for 40');
  const key = { subscriberId: id, cadence: 'daily', period: DAY } as const;
  await repositories.deliveries.skip(
    key,
    { ...edition, batch: 0 },
    { state: 'skipped', reason: 'nothing-new' },
    NOW,
  );

  expect((await explain(repositories, id, DAY)).join('\n')).toContain(
    'skipped at 2026-01-06T12:00:00.000Z: nothing-new',
  );
});

test.each([
  [['ada@example.org'], '1 arguments were given: expected an address and a day'],
  [['ada', DAY], '"ada": expected an e-mail address'],
  [['ada@example.org', 'monday'], '"monday": expected a day like 2026-01-06'],
])('%j is refused with what is expected', (given, words) => {
  expect(() => parseWhyArguments(given)).toThrow(InvalidInputError);
  expect(() => parseWhyArguments(given)).toThrow(words);
});
