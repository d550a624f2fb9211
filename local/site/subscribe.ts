import * as z from 'zod';
import { cadences } from '../../shared/domain/cadence.ts';
import { querySchema } from '../../shared/domain/query.ts';
import { addressSchema } from '../../shared/domain/address.ts';
import { type Subscriber, timeZoneSchema } from '../../shared/domain/subscriber.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import type { System } from '../system.ts';

const CONSENT = 'Added on this machine, with no question asked.';

/** The form that adds a subscriber, as a browser sends it. */
export const subscribeFormSchema = z.object({
  address: z.string().trim().pipe(addressSchema),
  query: z.string().trim().pipe(querySchema).default(''),
  cadence: z.enum(cadences),
  timeZone: z.string().trim().pipe(timeZoneSchema),
  hour: z.coerce.number().pipe(z.int().min(0).max(23)),
});

export type SubscribeForm = z.input<typeof subscribeFormSchema>;

/** Saves a subscriber as confirmed, over an earlier one with the same address. */
export async function addSubscriber(
  { repositories, clock }: Pick<System, 'repositories' | 'clock'>,
  form: z.output<typeof subscribeFormSchema>,
  idKey: string,
): Promise<Subscriber> {
  const { address, query, cadence, timeZone, hour } = form;
  const subscriber = createNewSubscriber(
    {
      address,
      status: 'confirmed',
      timeZone,
      hour,
      wishes: [{ lists: ['hf-daily'], query, cadence, maxPapers: 10 }],
      consent: { at: clock.now(), from: 'the local page', text: CONSENT },
    },
    idKey,
  );
  const earlier = await repositories.subscribers.load(subscriber.id);
  return repositories.subscribers.save({ ...subscriber, version: earlier?.version ?? 0 });
}
