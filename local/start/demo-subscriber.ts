import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { toSubscriberId } from '../../shared/subscriber-id.ts';
import type { System } from '../system.ts';

const ADDRESS = 'demo@readers.example';

/** Adds a subscriber who is mailed whatever the list brings, as soon as it comes; one who is there stays as is. */
export async function addDemoSubscriber({ repositories, clock }: System, idKey: string): Promise<void> {
  const id = toSubscriberId(ADDRESS, idKey);
  if (await repositories.subscribers.load(id)) return;
  const subscriber: Subscriber = {
    id,
    address: ADDRESS,
    status: 'confirmed',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    hour: 8,
    weekday: 1,
    format: 'html',
    subscriptions: [{ id: 's1', lists: ['hf-daily'], query: '', cadence: 'instant', maxPapers: 10 }],
    consent: { at: clock.now(), from: 'npm start', text: 'A subscriber made up for this machine.' },
    softBounces: 0,
    version: 0,
  };
  await repositories.subscribers.save(subscriber);
}
