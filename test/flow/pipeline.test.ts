import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MS_PER_DAY } from '../../shared/domain/time/time.ts';
import { BATCH_SIZE } from '../../shared/ports/queues.ts';
import { isThorough } from '../thorough.ts';
import { type FlowSystem, startFlowSystem } from './flow-system.ts';
import { readDeliveries, readOutbox } from './outbox.ts';
import { createReaders, DAY, NOON, PLANNED_UNTIL } from './readers.ts';
import { deliverUntilDone, deliveryOrders } from './sqs-delivery.ts';

/** Each cohort fits into one batch. */
const COHORTS_DUE = 6;

/** The thorough version fills more than one batch. `fan-out-at-scale.test.ts` fills many, without mails. */
const CROWD = isThorough ? BATCH_SIZE + 1 : 6;
const { subscribers, dueDeliveries } = createReaders(3);

let system: FlowSystem;

beforeEach(async () => {
  system = await startFlowSystem(PLANNED_UNTIL);
  system.list('2026-05-29', '2605.00001', '2605.00002', '2605.00003', '2605.00004');
  system.list(DAY, '2606.00001', '2606.00002', '2606.00003', '2606.00004');
  await system.subscribe(subscribers);
  await system.functions.planDigests();
  system.clock.moveTo(NOON);
  await system.functions.ingestPapers('hf-daily');
});

afterEach(() => system.close());

const outboxOf = ({ aws }: FlowSystem) => readDeliveries(aws.sesServer.store);

/** Plans, and returns the messages on the cohorts queue. */
async function planCohorts(): Promise<readonly string[]> {
  await system.functions.planDigests();
  const bodies = system.aws.backlog('cohorts');
  expect(bodies).toHaveLength(COHORTS_DUE);
  return bodies;
}

/** Plans and fans out, and returns the messages on both queues. */
async function planDigests() {
  const cohorts = await planCohorts();
  await deliverUntilDone(system.functions.fanOutDigests, cohorts);
  const digests = system.aws.backlog('digests');
  expect(digests).toHaveLength(COHORTS_DUE);
  return { cohorts, digests };
}

describe('the whole pipeline', () => {
  test('sends one mail with the right papers to everyone who is due, and none to others', async () => {
    const crowd = createReaders(CROWD);
    await system.subscribe(
      crowd.subscribers.filter(({ id }) => !subscribers.some((subscriber) => subscriber.id === id)),
    );
    await system.functions.planDigests();

    await system.workers.cohorts.drain();
    expect(system.aws.backlog('digests')).toHaveLength(COHORTS_DUE + (CROWD > BATCH_SIZE ? 1 : 0));
    await system.drain();

    expect(await outboxOf(system)).toEqual(crowd.dueDeliveries);
    const outbox = await readOutbox(system.aws.sesServer.store);
    expect(outbox.filter(({ paperIds }) => paperIds.length !== 3)).toEqual([]);
    expect([...system.aws.backlog('cohorts'), ...system.aws.backlog('digests')]).toEqual([]);
  });

  test('does nothing the second time, in any order of the redelivered messages', async () => {
    const { cohorts, digests } = await planDigests();
    await system.drain();

    await system.functions.ingestPapers('hf-daily');
    expect(await system.functions.planDigests()).toEqual({ editions: 0 });
    for (const deliverAgain of Object.values(deliveryOrders)) {
      await Promise.all([
        deliverAgain(system.functions.fanOutDigests, cohorts),
        deliverAgain(system.functions.sendDigests, digests),
      ]);
    }

    expect(system.aws.backlog('digests')).toEqual([]);
    expect(await outboxOf(system)).toEqual(dueDeliveries);
  });

  test.each(Object.entries(deliveryOrders))(
    'mails everyone once if all messages arrive %s, both times',
    async (_, deliverOnce) => {
      const cohorts = await planCohorts();

      await deliverOnce(system.functions.fanOutDigests, cohorts);
      const digests = system.aws.backlog('digests');
      await deliverOnce(system.functions.sendDigests, digests);
      await deliverOnce(system.functions.fanOutDigests, cohorts);
      await deliverOnce(system.functions.sendDigests, digests);

      expect(digests.length).toBeGreaterThanOrEqual(COHORTS_DUE);
      expect(await outboxOf(system)).toEqual(dueDeliveries);
    },
  );

  test('mails everyone once if some messages arrive a day late and others are redelivered then', async () => {
    const { cohorts, digests } = await planDigests();
    const early = digests.filter((_, position) => position % 2 === 0);
    await deliverUntilDone(system.functions.sendDigests, early);

    system.clock.moveBy(MS_PER_DAY);
    await deliverUntilDone(system.functions.fanOutDigests, cohorts);
    await deliverUntilDone(system.functions.sendDigests, digests.toReversed());

    expect(await outboxOf(system)).toEqual(dueDeliveries);
  });

  test('sends nothing to a reader who stops between planning and sending, and records why', async () => {
    await planDigests();
    await system.change('berlin-02', { status: 'unsubscribed' });
    await system.change('new-york-01', { status: 'paused' });

    await system.drain();

    const isGone = (delivery: string) => /^(berlin-02|new-york-01)@/.test(delivery);
    expect(await outboxOf(system)).toEqual(dueDeliveries.filter((delivery) => !isGone(delivery)));
    const key = { subscriberId: 'berlin-02', cadence: 'daily', period: DAY } as const;
    const delivery = await system.repositories.deliveries.load(key);
    expect(delivery?.outcome).toEqual({ state: 'skipped', reason: 'unsubscribed' });
  });
});
