import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDailyPapersServer } from '../../local/hugging-face/server.ts';
import { createKeys } from '../../local/keys.ts';
import { createManualClock, type ManualClock } from '../../local/manual-clock.ts';
import { createLocalPublication, type System, startSystem } from '../../local/system.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { Day, Instant } from '../../shared/domain/time/time.ts';
import { makeHfItem } from '../factories/hf-item.ts';
import { openMemoryDynamoDb } from '../fakes/dynamodb/open-documents.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';
import { setVisibilityTimeout } from './queues.ts';

const HOUR_SEC = 3_600;

/** The whole system on the embedded services, with a manual clock and a source that a test controls. */
export interface FlowSystem extends System {
  readonly clock: ManualClock;
  /** Adds papers to the end of the source's list of a day. */
  list(day: Day, ...paperIds: readonly string[]): void;
  subscribe(subscribers: readonly Subscriber[]): Promise<void>;
  /** Saves a subscriber's changes. */
  change(id: Subscriber['id'], changes: Partial<Subscriber>): Promise<void>;
}

/**
 * Starts the system at an instant. `maxSendRate` is the most mails that SES accepts, because the clock does not move.
 */
export async function startFlowSystem(now: Instant, maxSendRate = 1000): Promise<FlowSystem> {
  const clock = createManualClock(now);
  const lists = new Map<Day, readonly unknown[]>();
  const server = await startDailyPapersServer({ answer: async (day) => lists.get(day), clock });
  const outboxFolder = await mkdtemp(join(tmpdir(), 'broadsheet-flow-'));
  const system = await startSystem({
    clock,
    timer: clock,
    openDynamoDb: openMemoryDynamoDb,
    outboxFolder,
    maxSendRate,
    sourceUrls: { 'hf-daily': `${server.url}/api/daily_papers` },
    keys: createKeys(),
    publication: createLocalPublication('http://localhost:4310'),
    telemetry: createFakeTelemetry(),
  });
  // Failed messages are redelivered when a test asks for it, however slow the machine is.
  await setVisibilityTimeout(system, HOUR_SEC);
  const { subscribers } = system.repositories;
  return {
    ...system,
    clock,
    list(day, ...paperIds) {
      const items = paperIds.map((id) => makeHfItem({ id, submittedOnDailyAt: `${day}T00:00:00.000Z` }));
      lists.set(day, [...(lists.get(day) ?? []), ...items]);
    },
    async subscribe(all) {
      await Promise.all(all.map((subscriber) => subscribers.save(subscriber)));
    },
    async change(id, changes) {
      const subscriber = await subscribers.load(id);
      if (!subscriber) throw new Error(`no subscriber ${id}`);
      await subscribers.save({ ...subscriber, ...changes });
    },
    async close() {
      await system.close();
      await server.close();
      await rm(outboxFolder, { recursive: true });
    },
  };
}
