import { isTooLate } from '../domain/cadence.ts';
import type { DigestOrigin } from '../domain/cohort.ts';
import { type Delivery, type DeliveryKey, findSkipReason, type Outcome } from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import { selectSections } from '../domain/select.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { addMs, type Instant } from '../domain/time.ts';
import { InHandError } from '../in-hand-error.ts';
import type { Claim } from '../ledger-ports.ts';
import { NotSentError } from '../not-sent-error.ts';
import type { SubscriberRepository } from '../ports.ts';
import type { DigestMail, Mailer, SendResult } from '../sending-ports.ts';
import { type Hindrance, type LookAgainPorts, lookAgain } from './look-again.ts';
import type { Pace } from './pace.ts';
import type { PaperWindow } from './paper-window.ts';
import { endOf, loadEnd, passOnToOther, type SettlePorts, settle, skip } from './settle-digest.ts';

export interface SendDigestPorts extends SettlePorts, LookAgainPorts {
  readonly subscribers: SubscriberRepository;
  readonly compose: (digest: Digest) => Promise<DigestMail>;
  readonly mailer: Mailer;
  readonly pace: Pace;
}

/** What all digests of a batch share. */
export interface Sending {
  readonly window: PaperWindow;
  readonly origin: DigestOrigin;
  /** When the worker has to be done. */
  readonly until: Instant;
}

/** How often the papers of a digest are chosen before others that take them meanwhile are let pass. */
const MAX_SELECTIONS = 3;

/** How far the clocks of two functions may be apart. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Makes and sends one digest: select, compose, claim, send, settle. Returns how it ended, now or earlier.
 *
 * @throws NotSentError when it has to be sent later, InHandError when it has to be looked at again
 */
export async function sendDigest(
  ports: SendDigestPorts,
  sending: Sending,
  subscriberId: Subscriber['id'],
): Promise<Outcome> {
  const { origin } = sending;
  const key = { subscriberId, cadence: origin.cadence, period: origin.period };
  const earlier = await ports.deliveries.load(key);
  const end = earlier && (await endOf(ports, earlier));
  if (end) {
    await passOnToOther(ports, key, origin);
    return end;
  }

  const subscriber = await ports.subscribers.load(subscriberId);
  const reason = findSkipReason(subscriber, key.cadence, ports.clock.now()) ?? findLateness(ports, key);
  if (!subscriber || reason) return skip(ports, key, origin, reason ?? 'erased');

  for (let attempt = 1; attempt <= MAX_SELECTIONS; attempt += 1) {
    const { digest, since } = await selectDigest(ports, sending.window, key, subscriber);
    if (digest.sections.length === 0) return skip(ports, key, origin, 'nothing-new');
    const mail = await ports.compose(digest);
    await takeTurn(ports, sending.until);

    const claim = await claimDigest(ports, key, origin, mail, earlier);
    if (!claim) {
      ports.pace.giveBack();
      return loadEnd(ports, key, origin);
    }
    const result = await handOver(ports, claim, mail, since, sending.until);
    if (result.kind === 'skip') return skip(ports, key, origin, result.reason);
    if (result.kind !== 'papers-taken') return settle(ports, claim, result);
    if (result.goesFirst === 'other') throw new InHandError('another digest has its papers in hand');
  }
  throw new InHandError('other digests of this subscriber took the papers chosen for it time and again');
}

function findLateness({ clock }: SendDigestPorts, { cadence, period }: DeliveryKey) {
  return isTooLate(cadence, period, clock.now()) ? ('too-late' as const) : undefined;
}

async function selectDigest(
  ports: SendDigestPorts,
  window: PaperWindow,
  key: DeliveryKey,
  subscriber: Subscriber,
): Promise<{ digest: Digest; since: Instant }> {
  const { cadence, period } = key;
  const lists = subscriber.subscriptions.filter((one) => one.cadence === cadence).flatMap((one) => one.lists);
  const view = await window.view(lists);
  const composedAt = ports.clock.now();
  // A paper can only have been sent since it was first seen.
  const since = addMs(view.firstSeenAt ?? composedAt, -CLOCK_SKEW_MS);
  const sent = await ports.deliveries.loadSent(key, since);
  const sections = selectSections(subscriber, cadence, view, new Set(sent.keys()));
  return {
    digest: {
      ...{ subscriber, cadence, period, composedAt, sections },
      ...{ days: window.days, listStates: view.listStates },
    },
    since,
  };
}

/** Waits for the right to send one mail, before the claim, so that a claim is held for as short as may be. */
async function takeTurn({ pace }: SendDigestPorts, until: Instant): Promise<void> {
  const turn = await pace.takeTurn(until);
  if (turn !== 'go') throw new NotSentError({ kind: turn });
}

function claimDigest(
  { deliveries, clock }: SendDigestPorts,
  key: DeliveryKey,
  origin: DigestOrigin,
  { paperIds }: DigestMail,
  earlier: Delivery | undefined,
) {
  return earlier
    ? deliveries.claimAgain(earlier, origin, paperIds, clock.now())
    : deliveries.claim(key, origin, paperIds, clock.now());
}

/**
 * Looks again behind the claim and hands the mail over; and once more at its next turn when that was too fast, for then it was
 * certainly not sent.
 */
async function handOver(
  ports: SendDigestPorts,
  claim: Claim,
  mail: DigestMail,
  since: Instant,
  until: Instant,
): Promise<SendResult | Hindrance> {
  const { mailer, pace } = ports;
  for (;;) {
    const hindrance = await lookAgain(ports, claim, mail, since);
    if (hindrance) {
      pace.giveBack();
      return hindrance;
    }
    const result = await mailer.send(mail);
    pace.report(result.kind);
    if (result.kind !== 'throttled') return result;
    if ((await pace.takeTurn(until)) !== 'go') return result;
  }
}
