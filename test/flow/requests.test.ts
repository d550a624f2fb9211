import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Hono } from 'hono';
import PostalMime from 'postal-mime';
import { addMs, MS_PER_HOUR } from '../../shared/domain/time/time.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { createSubscriber } from '../factories/subscribers.ts';
import { type FlowSystem, startFlowSystem } from './flow-system.ts';
import { drainWithRedelivery, putOnQueue } from './queues.ts';
import { deliveryOrders } from './sqs-delivery.ts';

const NOW = '2026-06-01T07:10:00.000Z';
const ADA = 'ada@readers.example';
const SUBSCRIPTION = {
  lists: ['hf-daily'],
  query: '',
  cadence: 'daily',
  maxPapers: 10,
  sort: 'trending',
} as const;

let system: FlowSystem;
let pages: Hono;

beforeEach(async () => {
  system = await startFlowSystem(NOW);
  pages = createWebApp(system.functions.webPorts);
});

afterEach(() => system.close());

const post = (path: string, body: object) =>
  pages.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const signUp = (address: string) =>
  post('/v1/sign-ups', { address, timeZone: 'UTC', hour: 8, subscription: SUBSCRIPTION });

async function idOf(address: string): Promise<string> {
  const { idKey } = await system.functions.webPorts.keyring.load();
  return toSubscriberId(address, idKey);
}

const statusOf = async (address: string) =>
  (await system.repositories.subscribers.load(await idOf(address)))?.status;

/** Returns everything that was mailed to an address, in order. */
async function mailsTo(address: string) {
  const { store } = system.aws.sesServer;
  const own = store.list().filter(({ destinations }) => destinations.includes(address));
  return Promise.all(own.map(async (message) => PostalMime.parse(await store.loadRaw(message))));
}

/** Returns the path of the confirmation link in a mail. */
function confirmPathIn(text = ''): string {
  const [path] = /\/confirm\/[\w.-]+/.exec(text) ?? [];
  if (!path) throw new Error('the mail has no confirmation link');
  return path;
}

describe('a sign-up on the web', () => {
  test('gets a mail that asks to confirm, and a digest once confirmed', async () => {
    system.list('2026-06-01', '2606.00001');

    expect((await signUp(ADA)).status).toBe(202);
    expect(system.aws.sesServer.store.list()).toEqual([]);
    await system.drain();

    expect(await statusOf(ADA)).toBe('unconfirmed');
    const [asked, ...others] = await mailsTo(ADA);
    expect(others).toEqual([]);
    const path = confirmPathIn(asked?.text);
    expect((await pages.request(path)).status).toBe(200);
    expect(await statusOf(ADA)).toBe('unconfirmed');
    expect((await pages.request(path, { method: 'POST' })).status).toBe(200);
    expect(await statusOf(ADA)).toBe('confirmed');

    await system.functions.planDigests();
    system.clock.moveTo('2026-06-01T08:00:00.000Z');
    await system.functions.ingestPapers('hf-daily');
    await system.functions.planDigests();
    await system.drain();
    expect(await mailsTo(ADA)).toHaveLength(2);
  });

  test('answers the same whether or not the address is subscribed, and mails the difference only to its owner', async () => {
    const known = 'known@readers.example';
    await system.subscribe([createSubscriber({ id: await idOf(known), address: known })]);

    const answers = await Promise.all([signUp(known), signUp(ADA)]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    await system.drain();

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(bodies[0]).toBe(bodies[1]);
    const [[toKnown], [toNew]] = [await mailsTo(known), await mailsTo(ADA)];
    expect(toKnown?.text).toContain('/manage/');
    expect(toKnown?.text).not.toContain('/confirm/');
    expect(confirmPathIn(toNew?.text)).not.toBe('');
  });

  test.each(['in reverse', 'all in one event'])(
    'is answered by one mail if its message arrives %s, and again later',
    async (order) => {
      const addresses = [ADA, 'ben@readers.example'];
      for (const address of addresses) await signUp(address);
      const messages = system.aws.backlog('requests');

      await deliveryOrders[order]?.(system.functions.handleRequests, messages);
      await deliveryOrders[order]?.(system.functions.handleRequests, messages.toReversed());

      const mails = await Promise.all(addresses.map(mailsTo));
      expect(mails.map(({ length }) => length)).toEqual([1, 1]);
    },
  );

  test('that SES throttles is answered when its message is redelivered', async () => {
    system.aws.sesServer.faults.next({ kind: 'throttle' });
    await signUp(ADA);

    await drainWithRedelivery(system);

    expect(await mailsTo(ADA)).toHaveLength(1);
    expect(system.aws.deadLetters('requests')).toHaveLength(0);
  });

  test('is not mailed again if the send status is unknown', async () => {
    system.aws.sesServer.faults.next({ kind: 'drop-answer' });
    await signUp(ADA);

    await drainWithRedelivery(system);

    expect(await mailsTo(ADA)).toHaveLength(1);
  });

  test('does not mail a mailbox that bounced', async () => {
    const address = 'bounce@simulator.amazonses.com';
    await signUp(address);
    await system.drain();

    system.clock.moveTo(addMs(NOW, 48 * MS_PER_HOUR));
    await signUp(address);
    await system.drain();

    expect(await mailsTo(address)).toHaveLength(1);
  });
});

test('an invalid message is redelivered, and the others are answered', async () => {
  await putOnQueue(system, 'requests', '{"kind":"erase-everything","id":"1"}');
  await signUp(ADA);

  await system.drain();

  expect(await mailsTo(ADA)).toHaveLength(1);
  expect(system.aws.backlog('requests')).toEqual(['{"kind":"erase-everything","id":"1"}']);
});
