import { ConflictError } from '../domain/errors.ts';
import { firstLinksSince } from '../domain/sign-up.ts';
import { type Subscriber, withStatus } from '../domain/subscriber.ts';
import type { SubscriptionFields } from '../domain/subscription.ts';
import type { Suppression } from '../domain/suppression.ts';
import type { Clock } from '../domain/time.ts';
import type { SubscriberRepository, SuppressionRepository } from '../ports/subscribers.ts';
import { createNewSubscriber } from './new-subscriber.ts';
import { toSubscriberId } from './subscriber-id.ts';

export interface AddPorts {
  readonly subscribers: SubscriberRepository;
  /** Those who left and whose profile is erased. */
  readonly suppressions: Pick<SuppressionRepository, 'load'>;
  readonly clock: Clock;
  /** Turns the address into an id. */
  readonly idKey: string;
}

/** Whom the operator adds, and what they get. */
export interface AddedReader extends Pick<Subscriber, 'address' | 'timeZone' | 'hour'> {
  readonly subscription: SubscriptionFields;
}

export interface AddOptions {
  /** Returns the profile as it would be, and saves nothing. */
  readonly isDryRun: boolean;
  /** Adds somebody as well who left and whose profile is erased. */
  readonly isDespiteLeaving: boolean;
}

export type Added =
  | { readonly kind: 'added'; readonly subscriber: Subscriber }
  /** Somebody has the address and is not only `unconfirmed`. Nothing was changed, so nobody who left is mailed again. */
  | { readonly kind: 'known'; readonly subscriber: Subscriber }
  /** They left, and their profile is erased. Nothing was changed. */
  | { readonly kind: 'suppressed'; readonly suppression: Suppression };

const CONSENT = 'The operator vouches that the reader asked for it; no mail asked them to confirm.';

/**
 * Adds a confirmed subscriber. An address that signed up on the web and never confirmed is added as well, with the choices given
 * here: its owner may not have got the mail.
 *
 * @throws ConflictError when somebody else saves the profile at the same time and leaves it unconfirmed
 */
export async function addSubscriber(
  { subscribers, suppressions, clock, idKey }: AddPorts,
  { subscription, ...reader }: AddedReader,
  { isDryRun, isDespiteLeaving }: AddOptions,
): Promise<Added> {
  const id = toSubscriberId(reader.address, idKey);
  const known = await subscribers.load(id);
  if (known && known.status !== 'unconfirmed') return { kind: 'known', subscriber: known };
  const suppression = known ? undefined : await suppressions.load(id);
  if (suppression && !isDespiteLeaving) return { kind: 'suppressed', suppression };

  const at = clock.now();
  const cause = { at, by: 'operator' } as const;
  const consent = { at, from: 'operator', text: CONSENT };
  const created = createNewSubscriber(
    { ...reader, status: 'confirmed', subscriptions: [subscription], consent, cause },
    idKey,
  );
  const subscriber = {
    ...created,
    linksSince: known?.linksSince ?? firstLinksSince({ at }),
    statusChanges: known ? withStatus(known, 'confirmed', cause).statusChanges : created.statusChanges,
    version: known?.version ?? 0,
  };
  if (isDryRun) return { kind: 'added', subscriber };
  try {
    return { kind: 'added', subscriber: await subscribers.save(subscriber) };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const known = await subscribers.load(id);
    if (!known || known.status === 'unconfirmed') throw error;
    return { kind: 'known', subscriber: known };
  }
}
