import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MS_PER_HOUR, msBetween } from '../../shared/domain/time/time.ts';
import { createSubscriber } from '../factories/subscribers.ts';
import { type FlowSystem, startFlowSystem } from './flow-system.ts';
import { readDeliveries } from './outbox.ts';
import { drainWithRedelivery, putOnQueue } from './queues.ts';
import { deliver } from './sqs-delivery.ts';

const DAY = '2026-06-01';
const READERS = 7;
const subscribers = Array.from({ length: READERS }, (_, n) =>
  createSubscriber({ id: `reader-${String(n).padStart(2, '0')}` }),
);
const everyone = subscribers.map(({ address }) => `${address} daily ${DAY}`);

let system: FlowSystem;

beforeEach(async () => {
  system = await startFlowSystem(`${DAY}T06:00:00.000Z`);
  system.list(DAY, '2606.00001', '2606.00002');
  await system.subscribe(subscribers);
  await system.functions.ingestPapers('hf-daily');
  await system.functions.planDigests();
});

afterEach(() => system.close());

const readOutbox = () => readDeliveries(system.aws.sesServer.store);

async function countStates(): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { id: subscriberId } of subscribers) {
    const delivery = await system.repositories.deliveries.load({
      subscriberId,
      cadence: 'daily',
      period: DAY,
    });
    const state = delivery?.outcome.state ?? 'none';
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** Empties all queues, and then delivers the digests messages once more. */
async function drainAndRepeat(): Promise<void> {
  await system.workers.cohorts.drain();
  const digests = system.aws.backlog('digests');
  await drainWithRedelivery(system);
  expect(await deliver(system.functions.sendDigests, digests)).toEqual([]);
}

describe('when SES fails', () => {
  test('throttled mails are sent a moment later, and everyone gets one mail', async () => {
    system.aws.sesServer.faults.next({ kind: 'throttle', times: 2 });

    await drainAndRepeat();

    expect(system.aws.sesServer.faults.pending()).toEqual([]);
    expect(await readOutbox()).toEqual(everyone);
    expect(await countStates()).toEqual({ sent: READERS });
  });

  test.each(['quota', 'paused', 'paused-by-ses'] as const)(
    'a refusal (%s) queues the message again, and everyone gets one mail',
    async (kind) => {
      system.aws.sesServer.faults.next({ kind });
      await system.workers.cohorts.drain();
      const [first = ''] = system.aws.backlog('digests');
      await system.workers.digests.drain();
      const waiting = system.aws.backlog('digests');

      expect(waiting).toEqual([first]);
      expect(await countStates()).not.toHaveProperty('failed');
      system.clock.moveBy(MS_PER_HOUR);
      expect(await deliver(system.functions.sendDigests, waiting)).toEqual([]);

      expect(await readOutbox()).toEqual(everyone);
      expect(await countStates()).toEqual({ sent: READERS });
    },
  );

  test('an account with five mails a second sends one mail to everyone at that rate', async () => {
    await system.close();
    system = await startFlowSystem(`${DAY}T06:00:00.000Z`, 5);
    system.list(DAY, '2606.00001');
    await system.subscribe(subscribers);
    await system.functions.ingestPapers('hf-daily');
    await system.functions.planDigests();
    await system.workers.cohorts.drain();
    const startedAt = system.clock.now();

    await deliver(system.functions.sendDigests, system.aws.backlog('digests'));

    // The clock moves while a worker waits for its turn, not during a request. So mails may arrive together and wait
    // for each other.
    expect(msBetween(startedAt, system.clock.now())).toBeGreaterThanOrEqual(everyone.length * 200);
    expect(await countStates()).toEqual({ sent: READERS });
    expect(await readOutbox()).toEqual(everyone);
  });

  test.each(['drop-answer', 'server-error-after'] as const)(
    'an answer lost after the mail was sent (%s) causes no second mail, and the ledger is uncertain until an event arrives',
    async (kind) => {
      system.aws.sesServer.faults.next({ kind });
      await system.workers.cohorts.drain();
      const digests = system.aws.backlog('digests');
      await system.workers.digests.drain();
      expect(await deliver(system.functions.sendDigests, digests)).toEqual([]);
      expect(await countStates()).toEqual({ sent: READERS - 1, uncertain: 1 });

      await drainAndRepeat();

      expect(await readOutbox()).toEqual(everyone);
      expect(await countStates()).toEqual({ sent: READERS });
    },
  );

  test.each(['reset', 'server-error'] as const)(
    'a request that broke before the mail was sent (%s) looks the same: uncertain, and no mail',
    async (kind) => {
      system.aws.sesServer.faults.next({ kind });

      await drainAndRepeat();

      const outbox = await readOutbox();
      expect(outbox).toHaveLength(READERS - 1);
      expect(everyone).toEqual(expect.arrayContaining([...outbox]));
      expect(await countStates()).toEqual({ sent: READERS - 1, uncertain: 1 });
    },
  );
});

describe('if a message is invalid', () => {
  const poison = ['', 'not JSON', '"a text"', '{"edition":{"cadence":"hourly"}}', '{"subscriberIds":[]}'];

  test.each(['fanOutDigests', 'sendDigests'] as const)(
    '%s reports it as failed, and handles the others',
    async (name) => {
      if (name === 'sendDigests') await system.workers.cohorts.drain();
      const good = system.aws.backlog(name === 'sendDigests' ? 'digests' : 'cohorts');

      const failed = await deliver(system.functions[name], [
        ...poison.slice(0, 2),
        ...good,
        ...poison.slice(2),
      ]);

      // The cohorts: the daily one, and the instant one, which has an edition whenever a list has something new.
      expect(good).toHaveLength(name === 'sendDigests' ? 1 : 2);
      expect(failed).toEqual(poison);
      await system.workers.digests.drain();
      expect(await readOutbox()).toEqual(everyone);
    },
  );

  test('it is dead-lettered, and everyone gets their mail', async () => {
    for (const body of poison.slice(1)) {
      await putOnQueue(system, 'cohorts', body);
      await putOnQueue(system, 'digests', body);
    }

    await drainWithRedelivery(system);

    expect(system.aws.deadLetters('cohorts')).toHaveLength(4);
    expect(system.aws.deadLetters('digests')).toHaveLength(4);
    expect(await readOutbox()).toEqual(everyone);
  });
});
