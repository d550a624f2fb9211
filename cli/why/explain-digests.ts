import { cohortsOf, type Edition, isDeliveredOn, toCohortKey } from '../../shared/domain/digests/cohort.ts';
import type { Delivery } from '../../shared/domain/digests/delivery.ts';
import { judgeDelivery, mayResend } from '../../shared/domain/digests/delivery-state.ts';
import { statusAt } from '../../shared/domain/subscribers/pause.ts';
import { lastChangeOf, type Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { Instant } from '../../shared/domain/time/time.ts';
import type { KeptDelivery } from '../../shared/ports/deliveries.ts';
import { toCountText, toListing } from '../../shared/presentation/wording.ts';
import { toChangeText, toMomentText } from '../../shared/subscribers/status-text.ts';
import { editionsOn, explainAbsence, type Known } from './explain-absence.ts';

/**
 * Returns sentences that say what happened to a subscriber's digests of a local day, or why there are none. A digest that was sent at once
 * is also that of the day on which it was due.
 */
export function explainDigests(known: Known): readonly string[] {
  const { subscriber, deliveries, day, now } = known;
  const due = subscriber ? editionsOn(subscriber, day) : [];
  const ofDay = deliveries.flatMap(({ delivery, origin }) => {
    if (!delivery) return [];
    const isDue = due.some(
      ({ cadence, period }) => cadence === delivery.cadence && period === delivery.period,
    );
    return isDue || isDeliveredOn(toLedgerEdition(delivery, origin, subscriber), day) ? [delivery] : [];
  });
  const records = [
    ...ofDay.map((record) => describeRecord(record, known)),
    ...deliveries.flatMap(({ delivery, recordId }) => (delivery ? [] : [describeUnreadable(recordId)])),
  ];
  if (known.profileFault !== undefined) {
    return [
      `The profile cannot be read (${known.profileFault}), so no digest is made for it. See docs/alarms.md, "A stored record cannot be read".`,
      ...records,
    ];
  }
  if (!subscriber) {
    return [
      known.suppression
        ? `The reader has left: ${toChangeText(known.suppression)}. The profile is erased since.`
        : 'Nobody has this address: it never signed up, was erased, or did not confirm within 30 days.',
      ...records,
    ];
  }
  const recorded = new Set(ofDay.map(({ cadence }) => cadence));
  const others = cohortsOf(subscriber).filter(({ cadence }) => !recorded.has(cadence));
  return [
    ...describeProfile(subscriber, now),
    ...records,
    ...others.flatMap((cohort) => explainAbsence({ ...known, subscriber }, cohort)),
  ];
}

function describeProfile(subscriber: Subscriber, now: Instant): readonly string[] {
  const { consent, signUp, softBounces, status } = subscriber;
  const mails = `${toCountText(softBounces, 'mail')} in a row came back for a while.`;
  return [
    explainStatus(subscriber, now),
    ...(status === 'unconfirmed' ? [] : [`The consent is of ${toMomentText(consent.at)}.`]),
    ...(signUp ? [`A sign-up of ${toMomentText(signUp.at)} waits to be confirmed.`] : []),
    ...(softBounces > 0 ? [mails] : []),
    ...describeMuted(subscriber),
  ];
}

const MAX_MUTED_SHOWN = 10;

/** Says what the reader muted, because no digest brings it. */
function describeMuted({ mutedPapers = [], mutedAuthors = [] }: Subscriber): readonly string[] {
  const muted = [
    ...(mutedPapers.length > 0 ? [`the papers ${toListing(mutedPapers, MAX_MUTED_SHOWN)}`] : []),
    ...(mutedAuthors.length > 0 ? [`every paper by ${toListing(mutedAuthors, MAX_MUTED_SHOWN)}`] : []),
  ];
  return muted.length > 0 ? [`The reader muted ${muted.join(', and ')}. Digests leave them out.`] : [];
}

function explainStatus(subscriber: Subscriber, now: Instant): string {
  const { pausedUntil, status } = subscriber;
  const last = lastChangeOf(subscriber);
  const since = last ? `: ${toChangeText(last)}` : '';
  if (status === 'unconfirmed')
    return `The subscriber has not confirmed${since || ', and signed up before changes of the status were kept'}.`;
  if (statusAt(subscriber, now) !== status)
    return `The subscriber is confirmed. A pause ended by itself on ${pausedUntil}.`;
  const until = status === 'paused' && pausedUntil ? ` until ${pausedUntil}` : '';
  const isUnexplained = !last && status !== 'confirmed';
  return `The subscriber is ${status}${until}${since}${isUnexplained ? '; when and how is not kept' : ''}.`;
}

/** Returns how a digest ended, by its record. The only time of a record is that of the claim. */
function describeRecord(delivery: Delivery, known: Known): string {
  const { cadence, period, outcome, claimedAt, paperIds } = delivery;
  const digest = `The ${cadence} digest of ${period}`;
  const claimed = `${digest} was claimed at ${claimedAt}`;
  switch (outcome.state) {
    case 'sent':
      return `${claimed} and sent with ${toCountText(paperIds.length, 'paper')}, as SES message ${outcome.messageId}.`;
    case 'skipped':
      return `${digest} was skipped at ${claimedAt}: ${outcome.reason}.`;
    case 'failed':
      return `${claimed} and failed: ${outcome.reason}.`;
    case 'uncertain':
      return `${claimed}. Its send status is unknown (${outcome.reason}): ${describeWhatNext(delivery, known)}`;
    case 'claimed':
      return judgeDelivery(delivery, known.whenUncertain, known.now) === 'in-flight'
        ? `${claimed}, and a worker is sending it.`
        : `${claimed}. The worker died before it recorded the outcome, so the send status is unknown: ${describeWhatNext(delivery, known)}`;
    default:
      return outcome satisfies never;
  }
}

function describeUnreadable(recordId: string): string {
  return `The ledger's record ${recordId} cannot be read, so nothing says whether that digest was sent. It is not sent again.`;
}

/**
 * Returns what becomes of a digest that is uncertain, or will be found so. Its record does not show whether its message comes again: it
 * does not if the subscriber left before.
 */
function describeWhatNext({ tries = 1 }: Delivery, { whenUncertain }: Known): string {
  if (mayResend({ state: 'uncertain' }, tries, whenUncertain))
    return 'it may be sent again, if its message comes again.';
  return tries > 1
    ? `it was tried ${toCountText(tries, 'time')}, and is not sent again.`
    : 'it is not sent again.';
}

/** Returns the edition of a digest. If its record does not name it, it follows from the subscriber's current choices. */
function toLedgerEdition(
  { cadence, period }: Delivery,
  origin: KeptDelivery['origin'],
  subscriber: Subscriber | undefined,
): Edition {
  if (origin) return origin;
  const cohort = subscriber && cohortsOf(subscriber).find((due) => due.cadence === cadence);
  return { cadence, period, cohort: cohort ? toCohortKey(cohort) : '' };
}
