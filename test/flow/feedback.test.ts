import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSubscriber } from '../factories/subscribers.ts';
import { type FlowSystem, startFlowSystem } from './flow-system.ts';
import { readDeliveries } from './outbox.ts';
import { putOnQueue } from './queues.ts';
import { deliveryOrders } from './sqs-delivery.ts';

const FIRST_DAY = '2026-06-01';
const NEXT_DAY = '2026-06-02';
const addresses = {
  ada: 'ada@readers.example',
  bounces: 'bounce@simulator.amazonses.com',
  complains: 'complaint@simulator.amazonses.com',
  'is-away': 'ooto@simulator.amazonses.com',
} as const;
const ids = Object.keys(addresses);

/** A running worker polls its queue every 200 ms. */
const LONGER_THAN_A_LOOK_MS = 500;

let system: FlowSystem;

beforeEach(async () => {
  system = await startFlowSystem(`${FIRST_DAY}T06:00:00.000Z`);
  system.list(FIRST_DAY, '2606.00001');
  system.list(NEXT_DAY, '2606.00002');
  await system.subscribe(Object.entries(addresses).map(([id, address]) => createSubscriber({ id, address })));
});

afterEach(() => system.close());

/** Plans the digests of a day and leaves them on their queue. */
async function planDigestsOf(day: string): Promise<void> {
  system.clock.moveTo(`${day}T06:00:00.000Z`);
  await system.functions.ingestPapers('hf-daily');
  await system.functions.planDigests();
  await system.workers.cohorts.drain();
}

/** Plans and sends the digests of a day, and leaves the events about them on their queue. */
async function sendDigestsOf(day: string): Promise<void> {
  await planDigestsOf(day);
  await system.workers.digests.drain();
  await system.aws.sesServer.settled();
}

async function readProfiles(): Promise<readonly unknown[]> {
  const profiles = await Promise.all(ids.map((id) => system.repositories.subscribers.load(id)));
  return profiles.map((profile) => profile && [profile.id, profile.status, profile.softBounces]);
}

async function readOutcomes(period: string): Promise<readonly unknown[]> {
  const load = (subscriberId: string) =>
    system.repositories.deliveries.load({ subscriberId, cadence: 'daily', period });
  return (await Promise.all(ids.map(load))).map((delivery) => delivery?.outcome);
}

const sent = { state: 'sent', messageId: expect.stringMatching(/^0100/) };
const AFTER_FEEDBACK = [
  ['ada', 'confirmed', 0],
  ['bounces', 'bounced', 0],
  ['complains', 'complained', 0],
  ['is-away', 'confirmed', 0],
];

describe('SES events about the digests', () => {
  test('stop only the mails to a mailbox that bounced and to a reader who complained', async () => {
    await sendDigestsOf(FIRST_DAY);
    await system.drain();

    expect(await readOutcomes(FIRST_DAY)).toEqual([sent, sent, sent, sent]);
    expect(await readProfiles()).toEqual(AFTER_FEEDBACK);
    expect(system.aws.backlog('feedback')).toEqual([]);

    await sendDigestsOf(NEXT_DAY);
    await system.drain();

    const outbox = await readDeliveries(system.aws.sesServer.store);
    expect(outbox.filter((mail) => mail.endsWith(NEXT_DAY))).toEqual([
      `${addresses.ada} daily ${NEXT_DAY}`,
      `${addresses['is-away']} daily ${NEXT_DAY}`,
    ]);
  });

  test('skip the planned digests of these readers, with the reason', async () => {
    await sendDigestsOf(FIRST_DAY);
    await planDigestsOf(NEXT_DAY);
    await system.workers.feedback.drain();

    await system.drain();

    expect(await readOutcomes(NEXT_DAY)).toEqual([
      sent,
      { state: 'skipped', reason: 'bounced' },
      { state: 'skipped', reason: 'complained' },
      sent,
    ]);
  });

  test.each(Object.entries(deliveryOrders))(
    'have the same result if all of them arrive %s, both times',
    async (_, deliverOnce) => {
      await sendDigestsOf(FIRST_DAY);
      const events = system.aws.backlog('feedback');

      await deliverOnce(system.functions.handleFeedback, events);
      await deliverOnce(system.functions.handleFeedback, events.toReversed());

      // Send for each, Delivery for all but one, and the outcomes of the simulator.
      expect(events).toHaveLength(4 + 3 + 3);
      expect(await readProfiles()).toEqual(AFTER_FEEDBACK);
      expect(await readOutcomes(FIRST_DAY)).toEqual([sent, sent, sent, sent]);
    },
  );

  test.each(['drop-answer', 'server-error-after'] as const)(
    'settle a digest whose answer was lost after the mail was sent (%s)',
    async (kind) => {
      const isAda = (destinations: readonly string[]) => destinations.includes(addresses.ada);
      system.aws.sesServer.faults.decide(({ destinations }) => (isAda(destinations) ? kind : undefined));
      await sendDigestsOf(FIRST_DAY);
      expect(await readOutcomes(FIRST_DAY)).toEqual([
        { state: 'uncertain', reason: expect.any(String) },
        ...[sent, sent, sent],
      ]);

      await system.drain();

      const message = system.aws.sesServer.store.list().find(({ destinations }) => isAda(destinations));
      const [outcome] = await readOutcomes(FIRST_DAY);
      expect(outcome).toEqual({ state: 'sent', messageId: message?.messageId });
    },
  );

  test('leave a digest uncertain although it was never sent', async () => {
    system.aws.sesServer.faults.next({ kind: 'reset', times: 4 });

    await sendDigestsOf(FIRST_DAY);
    await system.drain();

    expect(await readOutcomes(FIRST_DAY)).toEqual(
      ids.map(() => ({ state: 'uncertain', reason: expect.any(String) })),
    );
    expect(await readProfiles()).toEqual(ids.map((id) => [id, 'confirmed', 0]));
  });
});

describe('no event stays on the queue', () => {
  const crowd = Array.from({ length: 12 }, (_, n) => createSubscriber({ id: `reader-${n}` }));
  let events: number;

  beforeEach(async () => {
    await system.subscribe(crowd);
    await planDigestsOf(FIRST_DAY);
    events = 0;
    const { sqs } = system.aws;
    sqs.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          const isOfFeedback = JSON.stringify(args.input).includes('/feedback');
          if (commandName === 'DeleteMessageCommand' && isOfFeedback) events += 1;
          return answer;
        },
      { step: 'initialize' },
    );
  });

  const expected = 10 + 2 * crowd.length;

  test('after all queues are empty', async () => {
    await system.drain();

    expect(events).toBe(expected);
    expect(await readProfiles()).toEqual(AFTER_FEEDBACK);
  });

  test('when the workers stop', async () => {
    system.start();
    while (system.aws.backlog('digests').length > 0 || events === 0) await delay(1);
    await system.stop();

    expect(events).toBeGreaterThan(0);
    expect(events + system.aws.backlog('feedback').length).toBe(expected);

    const notice = '{"notificationType":"AmazonSnsSubscriptionSucceeded"}';
    await putOnQueue(system, 'feedback', notice);
    await delay(LONGER_THAN_A_LOOK_MS);
    expect(system.aws.backlog('feedback')).toContain(notice);
  });
});

test('an invalid event is redelivered and does not block the others', async () => {
  await putOnQueue(system, 'feedback', 'not JSON');
  await sendDigestsOf(FIRST_DAY);

  await system.workers.feedback.drain();

  expect(await readProfiles()).toEqual(AFTER_FEEDBACK);
  expect(system.aws.backlog('feedback')).toEqual(['not JSON']);
});
