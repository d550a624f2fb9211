import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { ERASED_ID } from '../../../shared/ports/planning.ts';
import { eraseSubscriber, exportSubscriber } from '../../../shared/subscribers/personal-data.ts';
import { toMailboxId } from '../../../shared/subscribers/subscriber-id.ts';
import { dataLinkBudgetOf, movedBudgetOf } from '../../../shared/subscribers/web-budgets.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const ID_KEY = 'k'.repeat(43);
const ADA = { id: 'ada', address: 'ada@example.org' };
const MAILBOX = toMailboxId(ADA.address, ID_KEY);
const EDITION = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;

let clock: ManualClock;
let repositories: Repositories;

const open = (overrides: Partial<Repositories> = {}) => ({
  ...repositories,
  ...overrides,
  keyring: { load: async () => ({ idKey: ID_KEY, linkKeys: [] }) },
  clock,
});
/** A worker claims a digest of Ada. */
const claim = (period: string) =>
  repositories.deliveries.claim(
    { subscriberId: ADA.id, cadence: 'daily', period },
    { ...EDITION, batch: 0 },
    ['2601.00001'],
    NOW,
  );
const requestMail = () => repositories.allowances.take(MAILBOX, { id: 'r', asksToConfirm: true }, NOW);
const digests = () => repositories.history.loadAll(ADA.id);

beforeEach(async () => {
  clock = createManualClock(NOW);
  repositories = createFakeRepositories(clock);
  await repositories.subscribers.save(createSubscriber(ADA));
  await repositories.editions.saveBatch(EDITION, 0, [ADA.id]);
});

test('an export has the profile, the digests, the requested mail and an earlier leaving', async () => {
  const left = { status: 'unsubscribed', at: '2026-01-03T08:00:00.000Z', by: 'link' } as const;
  const profile = await repositories.subscribers.load(ADA.id);
  if (!profile) throw new Error('expected a profile');
  const gone = await repositories.subscribers.save({
    ...profile,
    status: left.status,
    statusChanges: [left],
  });
  await repositories.subscribers.save({ ...gone, status: 'confirmed' });
  await claim('2026-01-05');
  await requestMail();

  const data = await exportSubscriber(open(), ADA.id);

  expect(data).toMatchObject({
    profile: { ...ADA, status: 'confirmed' },
    digests: [{ period: '2026-01-05', paperIds: ['2601.00001'] }],
    requestedMail: { requestId: 'r' },
    suppression: left,
  });
});

test('an export leaves out a digest that cannot be read', async () => {
  const history = {
    ...repositories.history,
    loadAll: async () => [{ recordId: 'broken', delivery: undefined, origin: undefined }],
  };

  // `toEqual` would take a list of undefined for an empty one.
  expect((await exportSubscriber(open({ history }), ADA.id))?.digests).toStrictEqual([]);
});

test('erasing goes on after a crash, because the profile goes last', async () => {
  await claim('2026-01-05');
  await requestMail();
  const erase = () => Promise.reject(new Error('Task timed out'));
  const dying = open({ subscribers: { ...repositories.subscribers, erase } });

  await expect(eraseSubscriber(dying, ADA, 'page')).rejects.toThrow('Task timed out');

  expect(await repositories.subscribers.load(ADA.id)).toMatchObject({ status: 'unsubscribed' });
  expect([await digests(), await repositories.allowances.load(MAILBOX)]).toEqual([[], undefined]);
  await eraseSubscriber(open(), ADA, 'page');
  expect(await repositories.subscribers.load(ADA.id)).toBeUndefined();
  expect(await repositories.suppressions.load(ADA.id)).toEqual({
    status: 'unsubscribed',
    at: NOW,
    by: 'page',
  });
});

test.each<[string, (failing: () => Promise<never>) => Partial<Repositories>]>([
  ['a digest', (erase) => ({ history: { ...repositories.history, erase } })],
  ['the requested mail', (erase) => ({ allowances: { ...repositories.allowances, erase } })],
  ['the data links', (forget) => ({ budgets: { ...repositories.budgets, forget } })],
])('erasing keeps the profile while %s cannot be erased', async (_, broken) => {
  await claim('2026-01-05');
  const failing = () => Promise.reject(new Error('the table is gone'));

  await expect(eraseSubscriber(open(broken(failing)), ADA, 'page')).rejects.toThrow('the table is gone');

  expect(await repositories.subscribers.load(ADA.id)).toBeDefined();
});

test('erasing a subscriber who left under an earlier release keeps the profile until the suppression is saved', async () => {
  const profile = await repositories.subscribers.load(ADA.id);
  if (!profile) throw new Error('expected a profile');
  await repositories.subscribers.save({ ...profile, status: 'unsubscribed' });
  const save = () => Promise.reject(new Error('the table is gone'));
  const broken = open({ subscribers: { ...repositories.subscribers, save } });

  await expect(eraseSubscriber(broken, ADA, 'page')).rejects.toThrow('the table is gone');

  expect(await repositories.subscribers.load(ADA.id)).toBeDefined();
});

test('erasing removes a digest that a worker recorded meanwhile', async () => {
  const erase = async (id: string) => {
    await repositories.subscribers.erase(id);
    await claim('2026-01-05');
  };

  await eraseSubscriber(open({ subscribers: { ...repositories.subscribers, erase } }), ADA, 'page');

  expect(await digests()).toEqual([]);
});

test('erasing without an address keeps the requested mail, and removes everything else', async () => {
  await claim('2026-01-05');
  await requestMail();

  await eraseSubscriber(open(), { id: ADA.id }, 'operator');

  expect(await repositories.allowances.load(MAILBOX)).toMatchObject({ requestId: 'r' });
  expect([await digests(), await repositories.subscribers.load(ADA.id)]).toEqual([[], undefined]);
});

test.each([
  ['data links', dataLinkBudgetOf],
  ['mails about a move', movedBudgetOf],
])('erasing forgets the %s of today and yesterday', async (_, budgetOf) => {
  const budgets = [NOW, '2026-01-04T08:00:00.000Z'].map((at) => budgetOf(ADA.id, at));
  for (const budget of budgets) while (await repositories.budgets.spend(budget));

  await eraseSubscriber(open(), ADA, 'page');

  for (const budget of budgets) expect(await repositories.budgets.spend(budget)).toBe(true);
});

const batch = () => repositories.editions.loadBatch(EDITION, 0);

test('erasing removes the id from the batches', async () => {
  await claim('2026-01-05');

  await eraseSubscriber(open(), ADA, 'page');

  expect(await batch()).toEqual([ERASED_ID]);
});

test('erasing keeps the record of a digest while its batch has the id, so that a repeat finds the batch', async () => {
  await claim('2026-01-05');
  const replaceErased = () => Promise.reject(new Error('Task timed out'));
  const dying = open({ editions: { ...repositories.editions, replaceErased } });

  await expect(eraseSubscriber(dying, ADA, 'page')).rejects.toThrow('Task timed out');
  expect([(await digests()).length, await batch()]).toEqual([1, [ADA.id]]);

  await eraseSubscriber(open(), ADA, 'page');
  expect([await digests(), await batch()]).toEqual([[], [ERASED_ID]]);
});
