import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { applyRetention } from '../../../cli/subscribers/apply-retention.ts';
import type { StoredProfile } from '../../../cli/subscribers/open-subscribers.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { ConflictError, UnreadableError } from '../../../shared/domain/errors.ts';
import { type Subscriber, subscriberStatuses } from '../../../shared/domain/subscribers/subscriber.ts';
import { addMs, MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

/** Profiles as an earlier version stored them: nobody is suppressed. */
async function openOldDeployment() {
  const clock = createManualClock('2026-01-05T08:00:00.000Z');
  const { subscribers, suppressions } = createFakeRepositories(clock);
  const profiles = await Promise.all(
    subscriberStatuses.map((status) => subscribers.save(createSubscriber({ id: status, status }))),
  );
  for (const { id } of profiles) await suppressions.erase(id);
  const printed: string[] = [];
  const errors: string[] = [];
  const context = {
    print: (line: string) => printed.push(line),
    printError: (line: string) => errors.push(line),
    terminal: new PassThrough().resume(),
    input: new PassThrough(),
    onInterrupt: () => new AbortController().signal,
  };
  const apply = (
    loadAll: () => AsyncIterable<StoredProfile>,
    options: Partial<Parameters<typeof applyRetention>[1]> = {},
    saving = subscribers,
  ) =>
    applyRetention(
      { profiles: { loadAll }, subscribers: saving, clock },
      { leftRetentionDays: 365, isDryRun: false, isYes: true, ...options },
      context,
    );
  return { subscribers, suppressions, profiles, printed, errors, clock, apply };
}

test('saves only the profiles of people who left, and a repeat changes nothing', async () => {
  const { subscribers, suppressions, profiles, printed, errors, clock, apply } = await openOldDeployment();
  async function* loadAll() {
    for (const subscriber of profiles) yield { subscriber };
  }

  const first = await apply(loadAll);
  const kept = await suppressions.loadMany(subscriberStatuses);
  clock.moveBy(300 * MS_PER_DAY);
  const codes = [first, await apply(loadAll)];

  expect(await suppressions.loadMany(subscriberStatuses)).toEqual(kept);
  expect(codes).toEqual([0, 0]);
  expect([...(await suppressions.loadMany(subscriberStatuses)).keys()].sort()).toEqual([
    ...['bounced', 'complained', 'unsubscribed'],
  ]);
  const versions = await Promise.all(
    subscriberStatuses.map(async (id) => [id, (await subscribers.load(id))?.version]),
  );
  expect(Object.fromEntries(versions)).toEqual({
    unconfirmed: 1,
    confirmed: 1,
    paused: 1,
    unsubscribed: 3,
    bounced: 3,
    complained: 3,
  });
  expect(errors[0]).toBe(
    'Found 3 profiles of people who left. Each is erased 365 days after they left, and 0 of them within the next few days.',
  );
  expect(printed).toEqual([
    'Set the time of erasure of 3 profiles.',
    'Set the time of erasure of 3 profiles.',
  ]);
});

test('skips a reader who came back since the profile was read', async () => {
  const { subscribers, suppressions, profiles, printed, apply } = await openOldDeployment();
  const left = profiles.filter(({ status }) => status === 'unsubscribed');
  async function* loadAll() {
    for (const subscriber of left) {
      await subscribers.save({ ...subscriber, status: 'confirmed' });
      yield { subscriber };
    }
  }

  await apply(loadAll);

  expect(await suppressions.load('unsubscribed')).toBeUndefined();
  expect(printed).toEqual(['Set the time of erasure of 0 profiles.']);
});

test('reports a profile that cannot be read, and sets the others', async () => {
  const { suppressions, profiles, errors, apply } = await openOldDeployment();
  const fault = 'the item SUB#odd / PROFILE does not fit its schema: hour: wrong';
  async function* loadAll() {
    yield { fault };
    for (const subscriber of profiles) yield { subscriber };
  }

  const code = await apply(loadAll);

  expect([code, errors[0]]).toEqual([1, `left out: ${fault}`]);
  expect((await suppressions.loadMany(subscriberStatuses)).size).toBe(3);
});

test.each([
  [
    'a profile that others keep saving',
    new ConflictError(),
    'other writers kept saving the profile of bounced',
  ],
  [
    'one that can no longer be read',
    new UnreadableError('the item SUB#bounced / PROFILE is odd'),
    'the item SUB#bounced / PROFILE is odd',
  ],
])('%s costs only one profile', async (_, fault, message) => {
  const { subscribers, suppressions, profiles, printed, errors, apply } = await openOldDeployment();
  async function* loadAll() {
    for (const subscriber of profiles) yield { subscriber };
  }
  const saving = {
    ...subscribers,
    save: (subscriber: Subscriber) =>
      subscriber.id === 'bounced' ? Promise.reject(fault) : subscribers.save(subscriber),
  };

  expect(await apply(loadAll, {}, saving)).toBe(1);

  expect([printed, errors.at(-1)]).toEqual([
    ['Set the time of erasure of 2 profiles.'],
    `left out: ${message}`,
  ]);
  expect(await suppressions.load('complained')).toBeDefined();
});

test('asks before it changes anything, and only counts in a dry run', async () => {
  const { subscribers, profiles, printed, errors, apply, clock } = await openOldDeployment();
  async function* loadAll() {
    for (const subscriber of profiles) yield { subscriber };
    yield {
      subscriber: createSubscriber({
        id: 'long-ago',
        status: 'bounced',
        statusChanges: [{ status: 'bounced', at: addMs(clock.now(), -400 * MS_PER_DAY), by: 'bounce' }],
      }),
    };
  }

  await expect(apply(loadAll, { isYes: false })).rejects.toThrow('Add --yes');
  expect(await apply(loadAll, { isYes: false, isDryRun: true })).toBe(0);

  expect(errors[0]).toContain(
    'Found 4 profiles of people who left. Each is erased 365 days after they left, and 1 of them',
  );
  expect(printed).toEqual(['Would set the time of erasure of 4 profiles. Nothing was changed.']);
  expect((await subscribers.load('bounced'))?.version).toBe(1);
});
