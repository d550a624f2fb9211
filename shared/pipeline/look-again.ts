import { type Delivery, type DeliveryKey, findSkipReason, type SkipReason } from '../domain/delivery.ts';
import type { Clock, Instant } from '../domain/time.ts';
import type { Claim, DeliveryRepository } from '../ledger-ports.ts';
import type { SubscriberRepository } from '../ports.ts';
import type { DigestMail } from '../sending-ports.ts';

export interface LookAgainPorts {
  readonly subscribers: Pick<SubscriberRepository, 'load'>;
  readonly deliveries: DeliveryRepository;
  readonly clock: Clock;
}

/** Why a digest that was claimed must not be sent as it is. */
export type Hindrance =
  /** Nobody wants it any more. */
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  /** Another digest took one of its papers; whether that one chooses others, or this one does. */
  | { readonly kind: 'papers-taken'; readonly goesFirst: 'this' | 'other' };

/**
 * Looks behind a claim at what may have changed while its digest was made, and gives the claim back where it must not be sent
 * as it is.
 *
 * Because this reads after the claim was written, a digest that was claimed after somebody unsubscribed is never sent; and of two
 * digests of one subscriber that are made at the same moment and choose alike, at least one sees the other.
 */
export async function lookAgain(
  ports: LookAgainPorts,
  claim: Claim,
  mail: DigestMail,
  since: Instant,
): Promise<Hindrance | undefined> {
  try {
    const hindrance = await findHindrance(ports, claim, mail, since);
    if (hindrance) await ports.deliveries.release(claim);
    return hindrance;
  } catch (error) {
    await ports.deliveries.release(claim);
    throw error;
  }
}

async function findHindrance(
  { subscribers, deliveries, clock }: LookAgainPorts,
  claim: Claim,
  mail: DigestMail,
  since: Instant,
): Promise<Hindrance | undefined> {
  const [subscriber, sent] = await Promise.all([
    subscribers.load(claim.subscriberId),
    deliveries.loadSent(claim, since),
  ]);
  const reason = findSkipReason(subscriber, claim.cadence, clock.now());
  if (reason) return { kind: 'skip', reason };
  const takers = mail.paperIds.flatMap((id) => sent.get(id) ?? []);
  if (takers.length === 0) return undefined;
  return { kind: 'papers-taken', goesFirst: takers.some((one) => isAhead(one, claim)) ? 'other' : 'this' };
}

/** Of two digests that both gave way, one chooses again at once and the other later, or they would meet for ever. */
function isAhead(taker: Delivery, key: DeliveryKey): boolean {
  const nameOf = ({ cadence, period }: DeliveryKey) => `${cadence} ${period}`;
  return taker.outcome.state === 'claimed' && nameOf(taker) < nameOf(key);
}
