import { timeZoneSchema } from '../../shared/domain/time-zone.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import type { System } from '../system.ts';

const ADDRESS = 'demo@readers.example';

/** Adds a subscriber who is mailed whatever the list brings, as soon as it comes; one who is there stays as is. */
export async function addDemoSubscriber({ repositories, clock }: System, idKey: string): Promise<void> {
  const subscriber = createNewSubscriber(
    {
      address: ADDRESS,
      status: 'confirmed',
      timeZone: toMachineZone(),
      hour: 8,
      wishes: [{ lists: ['hf-daily'], query: '', cadence: 'instant', maxPapers: 10 }],
      consent: { at: clock.now(), from: 'npm start', text: 'A subscriber made up for this machine.' },
      cause: { at: clock.now(), by: 'operator' },
    },
    idKey,
  );
  if (await repositories.subscribers.load(subscriber.id)) return;
  await repositories.subscribers.save(subscriber);
}

/** The zone of this machine; UTC if it is set to one that has no IANA name, like an offset. */
function toMachineZone(): string {
  const { data } = timeZoneSchema.safeParse(Intl.DateTimeFormat().resolvedOptions().timeZone);
  return data ?? 'UTC';
}
