import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { applyRetention } from '../../../cli/subscribers/apply-retention.ts';
import { createHandClock } from '../../../local/hand-clock.ts';
import { subscriberStatuses } from '../../../shared/domain/subscriber.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

/** Profiles as an earlier version stored them: nobody is suppressed. */
async function openOldDeployment() {
  const { subscribers, suppressions } = createFakeRepositories(createHandClock('2026-01-05T08:00:00.000Z'));
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
    onInterrupt: () => new AbortController().signal,
  };
  return { subscribers, suppressions, profiles, printed, errors, context };
}

test('saves the profiles of all who left, and no other; a repeat does no harm', async () => {
  const { subscribers, suppressions, profiles, printed, context } = await openOldDeployment();
  async function* loadAll() {
    for (const subscriber of profiles) yield { subscriber };
  }

  const codes = [
    await applyRetention({ profiles: { loadAll }, subscribers }, 365, context),
    await applyRetention({ profiles: { loadAll }, subscribers }, 365, context),
  ];

  expect(codes).toEqual([0, 0]);
  expect([...(await suppressions.loadMany(subscriberStatuses)).keys()].sort()).toEqual([
    ...['bounced', 'complained', 'unsubscribed'],
  ]);
  const versions = await Promise.all(
    subscriberStatuses.map(async (id) => [id, (await subscribers.load(id))?.version]),
  );
  expect(Object.fromEntries(versions)).toEqual({
    ...{ unconfirmed: 1, confirmed: 1, paused: 1 },
    ...{ unsubscribed: 3, bounced: 3, complained: 3 },
  });
  expect(printed[0]).toBe('3 profiles of people who left: each is erased 365 days after they left');
});

test('leaves somebody alone who came back since the profile was read', async () => {
  const { subscribers, suppressions, profiles, context } = await openOldDeployment();
  const left = profiles.filter(({ status }) => status === 'unsubscribed');
  async function* loadAll() {
    for (const subscriber of left) {
      await subscribers.save({ ...subscriber, status: 'confirmed' });
      yield { subscriber };
    }
  }

  await applyRetention({ profiles: { loadAll }, subscribers }, 365, context);

  expect(await suppressions.load('unsubscribed')).toBeUndefined();
});

test('names a profile that cannot be read, and does the others', async () => {
  const { subscribers, suppressions, profiles, errors, context } = await openOldDeployment();
  const fault = 'the item SUB#odd / PROFILE does not fit its schema: hour: wrong';
  async function* loadAll() {
    yield { fault };
    for (const subscriber of profiles) yield { subscriber };
  }

  const code = await applyRetention({ profiles: { loadAll }, subscribers }, 365, context);

  expect([code, errors]).toEqual([1, [`left out: ${fault}`]]);
  expect((await suppressions.loadMany(subscriberStatuses)).size).toBe(3);
});
