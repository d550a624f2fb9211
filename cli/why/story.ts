import { periodOf } from '../../shared/domain/cadence.ts';
import {
  type Cohort,
  cohortsOf,
  type Edition,
  isDeliveredOn,
  toCohortKey,
} from '../../shared/domain/cohort.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { statusAt } from '../../shared/domain/pause.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { addDays, type Day, type Instant } from '../../shared/domain/time.ts';
import { isToBeSentAgain, judgeEarlier, type WhenUncertain } from '../../shared/domain/when-uncertain.ts';
import type { KeptDelivery } from '../../shared/ledger-ports.ts';
import { toSchedule } from '../../shared/mail/subscription-wording.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import { type EditionProgress, isUnreadable, type UnreadableState } from '../../shared/ports.ts';

/** What is known of a subscriber and a day. */
export interface Known {
  /** Undefined where nobody has the address. */
  readonly subscriber: Subscriber | undefined;
  /** What is wrong with a profile that cannot be read. */
  readonly profileFault?: string | undefined;
  /** All that the ledger has of them. */
  readonly deliveries: readonly KeptDelivery[];
  readonly day: Day;
  readonly now: Instant;
  /** What the deployment does about digests of which nobody knows whether they were sent. */
  readonly whenUncertain: WhenUncertain;
  /** How far an edition was planned; undefined where it was not. */
  readonly progressOf: (edition: Edition) => EditionProgress | UnreadableState | undefined;
}

/** The editions in which a subscriber would have a digest on a day, by what they ask for now; those of ticks left out. */
export function editionsOn(subscriber: Subscriber, day: Day): readonly Edition[] {
  return cohortsOf(subscriber).flatMap((cohort) => toEdition(cohort, day) ?? []);
}

/** The story of a subscriber's digests of a local day, or why there is none, in sentences. */
export function tellStory(known: Known): readonly string[] {
  const { subscriber, deliveries, day, now, progressOf } = known;
  const ofDay = deliveries.flatMap(({ delivery, origin }) =>
    delivery && isDeliveredOn(toLedgerEdition(delivery, origin, subscriber), day) ? [delivery] : [],
  );
  const records = [
    ...ofDay.map((one) => tellRecord(one, known)),
    ...deliveries.flatMap(({ delivery, recordId }) => (delivery ? [] : [tellUnreadable(recordId)])),
  ];
  if (known.profileFault !== undefined) {
    return [
      `The profile cannot be read (${known.profileFault}), so no digest is made for it. See docs/operating.md, "A stored record cannot be read".`,
      ...records,
    ];
  }
  if (!subscriber) {
    return [
      'Nobody has this address: it never signed up, was erased, or did not confirm within 30 days.',
      ...records,
    ];
  }
  const recorded = new Set(ofDay.map(({ cadence }) => cadence));
  const others = cohortsOf(subscriber).filter(({ cadence }) => !recorded.has(cadence));
  return [
    ...tellProfile(subscriber, now),
    ...records,
    ...others.map((cohort) => tellAbsence(subscriber, cohort, day, progressOf)),
  ];
}

function tellProfile(subscriber: Subscriber, now: Instant): readonly string[] {
  const { consent, pausedUntil, signUp, softBounces } = subscriber;
  const status = statusAt(subscriber, now);
  return [
    `The subscriber is ${status}${status === 'paused' && pausedUntil ? ` until ${pausedUntil}` : ''}; the last consent is of ${consent.at}.`,
    ...(signUp ? [`A sign-up of ${signUp.at} waits to be confirmed.`] : []),
    ...(softBounces > 0 ? [`${toCountText(softBounces, 'mail')} in a row came back for a while.`] : []),
  ];
}

/** How a digest ended, by its record, which has the time of the claim alone. */
function tellRecord(delivery: Delivery, known: Known): string {
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
      return `${claimed}, and nobody knows whether it was sent (${outcome.reason}): ${tellWhatNext(delivery, known)}`;
    case 'claimed':
      return judgeEarlier(delivery, known.whenUncertain, known.now) === 'in-hand'
        ? `${claimed} and is in a worker's hands.`
        : `${claimed} and left by a worker that died, and nobody knows whether it was sent: ${tellWhatNext(delivery, known)}`;
    default:
      return outcome satisfies never;
  }
}

function tellUnreadable(recordId: string): string {
  return `The ledger's record ${recordId} cannot be read, so nothing says whether that digest was sent. It is not sent again.`;
}

/**
 * What becomes of a digest that is uncertain, or will be found so. Its record does not tell whether a message is left: there
 * is none where the subscriber left before the repeat.
 */
function tellWhatNext({ tries = 1 }: Delivery, { whenUncertain }: Known): string {
  if (isToBeSentAgain({ state: 'uncertain' }, tries, whenUncertain))
    return 'it may be sent again, if its message comes again.';
  return tries > 1
    ? `it was tried ${toCountText(tries, 'time')}, and is not sent again.`
    : 'it is not sent again.';
}

function tellAbsence(
  subscriber: Subscriber,
  cohort: Cohort,
  day: Day,
  progressOf: Known['progressOf'],
): string {
  const { cadence } = cohort;
  const key = toCohortKey(cohort);
  if (cadence === 'instant')
    return `The ledger has no instant digest of ${day} (UTC): nothing new came on the lists of ${key}, the planner did not run, its message waits, or the subscriber joined the cohort later.`;
  const edition = toEdition(cohort, day);
  if (!edition) {
    const next = nextDay(cohort, day);
    return `No ${cadence} digest was due on ${day}: it comes ${toSchedule(cadence, subscriber)}, next on ${next}.`;
  }
  const progress = progressOf(edition);
  if (!progress)
    return `The ${cadence} edition of ${edition.period} for ${key} was not planned: its hour is still to come, or the planner did not run.`;
  if (isUnreadable(progress))
    return `The ${cadence} edition of ${edition.period} for ${key} has a progress that cannot be read. See docs/operating.md, "A stored record cannot be read".`;
  if (!progress.isComplete)
    return `The ${cadence} edition of ${edition.period} for ${key} is incomplete: ${progress.planned} were planned so far.`;
  return `The ${cadence} edition of ${edition.period} for ${key} was planned for ${progress.planned}, and the ledger has no record of this digest: it waits on the queue, or the subscriber joined the cohort later.`;
}

function toEdition(cohort: Cohort, day: Day): Edition | undefined {
  if (cohort.cadence === 'instant') return undefined;
  const { cadence } = cohort;
  const edition = { cadence, period: periodOf(cadence, day), cohort: toCohortKey(cohort) };
  return isDeliveredOn(edition, day) ? edition : undefined;
}

/** A month and a day are enough to come to the next weekday and the next first of the month. */
function nextDay(cohort: Cohort, day: Day): Day | undefined {
  return Array.from({ length: 32 }, (_, n) => addDays(day, n + 1)).find((next) => toEdition(cohort, next));
}

/** The edition that brought a digest; where its record does not tell, by what the subscriber asks for now. */
function toLedgerEdition(
  { cadence, period }: Delivery,
  origin: KeptDelivery['origin'],
  subscriber: Subscriber | undefined,
): Edition {
  if (origin) return origin;
  const cohort = subscriber && cohortsOf(subscriber).find((one) => one.cadence === cadence);
  return { cadence, period, cohort: cohort ? toCohortKey(cohort) : '' };
}
