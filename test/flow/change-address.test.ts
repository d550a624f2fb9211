import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import type { Cadence } from '../../shared/domain/subscribers/cadence.ts';
import type { Instant } from '../../shared/domain/time/time.ts';
import { signingKeyOf } from '../../shared/subscribers/keys.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { signToken } from '../../shared/web/tokens.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { type FlowSystem, startFlowSystem } from './flow-system.ts';
import { readOutbox } from './outbox.ts';
import { deliver } from './sqs-delivery.ts';

const OLD = 'old@readers.example';
const NEW = 'new@readers.example';

let system: FlowSystem;
let pages: ReturnType<typeof createWebApp>;

beforeEach(async () => {
  // A Monday. Digests come at eight in Berlin, which is 06:00 UTC.
  system = await startFlowSystem('2026-06-01T05:00:00.000Z');
  pages = createWebApp(system.functions.webPorts);
  system.list('2026-06-01', '2606.00001', '2606.00002');
});

afterEach(() => system.close());

const idOf = async (address: string) =>
  toSubscriberId(address, (await system.functions.webPorts.keyring.load()).idKey);
const statusOf = async (address: string) =>
  (await system.repositories.subscribers.load(await idOf(address)))?.status;

async function subscribe(cadence: Cadence, address = OLD, query = '') {
  const subscriptions = [createSubscription({ cadence, query })];
  await system.subscribe([createSubscriber({ id: await idOf(address), address, subscriptions })]);
}

async function runAt(instant: Instant): Promise<void> {
  system.clock.moveTo(instant);
  await system.functions.ingestPapers('hf-daily');
  await system.functions.planDigests();
  await system.drain();
}

/** Returns everything that was mailed to an address, in order. */
async function mailsTo(address: string) {
  const { store } = system.aws.sesServer;
  const own = store.list().filter(({ destinations }) => destinations.includes(address));
  return Promise.all(own.map(async (one) => PostalMime.parse(await store.loadRaw(one))));
}

/** Asks for the move on the manage page. Returns the token of the mail to the new address. */
async function askToMove(at: Instant, [from, to] = [OLD, NEW]): Promise<string> {
  system.clock.moveTo(at);
  const { linkKeys } = await system.functions.webPorts.keyring.load();
  const manage = signToken('manage', await idOf(from), signingKeyOf(linkKeys, at), at);
  const body = new URLSearchParams({ form: 'address', address: to });
  expect((await pages.request(`/manage/${manage}`, { method: 'POST', body })).status).toBe(200);
  await system.drain();
  const [mail] = await mailsTo(to);
  expect(mail?.text).toMatch(/moves\s+here\s+from\s+another\s+address/);
  const [, token] = /\/confirm\/([\w.-]+)/.exec(mail?.text ?? '') ?? [];
  if (token === undefined) throw new Error('the mail has no link to confirm');
  return token;
}

async function confirm(token: string, choices: object = {}) {
  const { status } = await pages.request('/v1/confirmations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, ...choices }),
  });
  return status;
}

/** Returns the digests so far: who got which papers. */
async function digests() {
  const { store } = system.aws.sesServer;
  const raws = await Promise.all(store.list().map((mail) => store.loadRaw(mail)));
  const isDigest = raws.map((raw) => Buffer.from(raw).toString().includes('X-Broadsheet-Delivery:'));
  const list = () => store.list().filter((_, n) => isDigest[n]);
  const outbox = await readOutbox({ ...store, list });
  return outbox.map(({ to, paperIds }) => [to, ...[...paperIds].sort()]);
}

test('until the new address confirms, the earlier one gets the digests', async () => {
  await subscribe('daily');
  await askToMove('2026-06-01T05:10:00.000Z');

  await runAt('2026-06-01T06:00:00.000Z');

  expect(await digests()).toEqual([[OLD, '2606.00001', '2606.00002']]);
  expect([await statusOf(OLD), await statusOf(NEW)]).toEqual(['confirmed', 'unconfirmed']);
});

test('the earlier address gets one mail about the move, whose link brings its digests back', async () => {
  await subscribe('daily');
  const token = await askToMove('2026-06-01T05:10:00.000Z');
  expect([await confirm(token), await confirm(token)]).toEqual([200, 200]);
  // It waits on the queue, so the confirmation sends nothing.
  expect(await mailsTo(OLD)).toEqual([]);
  const messages = system.aws.backlog('requests');

  for (const message of [...messages, ...messages])
    expect(await deliver(system.functions.handleRequests, [message])).toEqual([]);

  const [told, ...others] = await mailsTo(OLD);
  expect(others).toEqual([]);
  expect(told?.subject).toMatch(/moved to another address$/);
  for (const text of [told?.text, told?.html]) expect(text).not.toMatch(/new@|readers\.example/);
  const [manage = ''] = /\/manage\/[\w.-]+/.exec(told?.text ?? '') ?? [];
  const body = new URLSearchParams({ action: 'resubscribe' });
  expect((await pages.request(manage, { method: 'POST', body })).status).toBe(303);
  expect([await statusOf(OLD), await statusOf(NEW)]).toEqual(['confirmed', 'confirmed']);
});

test('a move to an address that had a digest of its own does not repeat papers', async () => {
  await subscribe('daily');
  await subscribe('daily', NEW, 'nothing-has-this');
  await runAt('2026-06-01T06:00:00.000Z');
  await system.change(await idOf(NEW), { status: 'unsubscribed' });
  expect(await confirm(await askToMove('2026-06-01T07:00:00.000Z'))).toBe(200);

  system.list('2026-06-02', '2606.00003');
  await runAt('2026-06-02T06:00:00.000Z');

  expect(await digests()).toEqual([
    [OLD, '2606.00001', '2606.00002'],
    [NEW, '2606.00003'],
  ]);
});

describe.each([
  ['daily', '2026-06-02'],
  ['weekly', '2026-06-08'],
  ['instant', '2026-06-02'],
] as const)('a move with %s digests', (cadence, nextDay) => {
  test('before the digest of the day leads it to the new address, and only there', async () => {
    await subscribe(cadence);
    expect(await confirm(await askToMove('2026-06-01T05:10:00.000Z'))).toBe(200);

    await runAt('2026-06-01T06:00:00.000Z');

    expect(await digests()).toEqual([[NEW, '2606.00001', '2606.00002']]);
    expect([await statusOf(OLD), await statusOf(NEW)]).toEqual(['unsubscribed', 'confirmed']);
  });

  test('after it repeats neither the digest nor its papers', async () => {
    await subscribe(cadence);
    await runAt('2026-06-01T06:00:00.000Z');
    const first = [OLD, '2606.00001', '2606.00002'];
    expect(await digests()).toEqual([first]);

    // The later hour is still to come today.
    const token = await askToMove('2026-06-01T06:10:00.000Z');
    expect(await confirm(token, { hour: 10 })).toBe(200);
    await runAt('2026-06-01T08:00:00.000Z');
    expect(await digests()).toEqual([first]);

    system.list(nextDay, '2606.00003');
    await runAt(`${nextDay}T08:00:00.000Z`);
    expect(await digests()).toEqual([first, [NEW, '2606.00003']]);
  });
});
