import { ConflictError } from '../../shared/domain/errors.ts';
import { firstLinksSince } from '../../shared/domain/sign-up.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { SubscriberRepository } from '../../shared/ports.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { CommandError } from '../deployment/command-error.ts';
import type { Wishes } from './add-options.ts';

export interface AddPorts {
  readonly subscribers: SubscriberRepository;
  readonly clock: Clock;
  /** Turns the address into an id. */
  readonly idKey: string;
}

const CONSENT = 'The operator vouches that the reader asked for it; no mail asked them to confirm.';
const MAX_PAPERS = 10;

/**
 * Adds a confirmed subscriber and returns the profile; in a dry run, as it would be. An address that signed up on the web and
 * never confirmed is added as if it were new: its owner may not have got the mail.
 *
 * @throws CommandError if the address has any other status: nobody who left is mailed again
 */
export async function addSubscriber(
  { subscribers, clock, idKey }: AddPorts,
  wishes: Wishes,
  isDryRun: boolean,
): Promise<Subscriber> {
  const { address, 'time-zone': timeZone, hour, cadence, list, query } = wishes;
  const known = await loadUnconfirmed(subscribers, address, idKey);
  const now = clock.now();
  const added = createNewSubscriber(
    {
      address,
      status: 'confirmed',
      timeZone,
      hour,
      wishes: [{ lists: list, query, cadence, maxPapers: MAX_PAPERS }],
      consent: { at: now, from: 'operator', text: CONSENT },
      cause: { at: now, by: 'operator' },
    },
    idKey,
  );
  const subscriber = {
    ...added,
    linksSince: known?.linksSince ?? firstLinksSince({ at: now }),
    version: known?.version ?? 0,
  };
  if (isDryRun) return subscriber;
  try {
    return await subscribers.save(subscriber);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    await loadUnconfirmed(subscribers, address, idKey);
    throw error;
  }
}

/** The profile of an address that nobody confirmed yet; undefined for an unknown one. */
async function loadUnconfirmed(
  subscribers: SubscriberRepository,
  address: string,
  idKey: string,
): Promise<Subscriber | undefined> {
  const known = await subscribers.load(toSubscriberId(address, idKey));
  if (known && known.status !== 'unconfirmed')
    throw new CommandError(
      `${address} is a subscriber already (${known.status}): expected an address that is new or unconfirmed`,
    );
  return known;
}
