import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import type { System } from '../system.ts';

const ADDRESS = 'demo@readers.example';

/** Adds a subscriber who is mailed whatever the list brings, as soon as it comes; one who is there stays as is. */
export async function addDemoSubscriber({ repositories, clock }: System, idKey: string): Promise<void> {
  const subscriber = createNewSubscriber(
    {
      address: ADDRESS,
      status: 'confirmed',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      hour: 8,
      wishes: [{ lists: ['hf-daily'], query: '', cadence: 'instant', maxPapers: 10 }],
      consent: { at: clock.now(), from: 'npm start', text: 'A subscriber made up for this machine.' },
    },
    idKey,
  );
  if (await repositories.subscribers.load(subscriber.id)) return;
  await repositories.subscribers.save(subscriber);
}
