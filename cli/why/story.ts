import { periodOf } from '../../shared/domain/cadence.ts';
import { type Cohort, cohortsOf, type Edition, toCohortKey } from '../../shared/domain/cohort.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { statusAt } from '../../shared/domain/pause.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { addDays, type Day, type Instant } from '../../shared/domain/time.ts';
import { toSchedule } from '../../shared/mail/subscription-wording.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import type { EditionProgress } from '../../shared/ports.ts';
import { isDeliveredOn } from '../audit/edition-day.ts';

/** What is known of a subscriber and a day. */
export interface Known {
  /** Undefined where nobody has the address. */
  readonly subscriber: Subscriber | undefined;
  /** All that the ledger has of them. */
  readonly deliveries: readonly Delivery[];
  readonly day: Day;
  readonly now: Instant;
  /** How far an edition was planned; undefined where it was not. */
  readonly progressOf: (edition: Edition) => EditionProgress | undefined;
}

/** The editions in which a subscriber would have a digest on a day, by what they ask for now; those of ticks left out. */
export function editionsOn(subscriber: Subscriber, day: Day): readonly Edition[] {
  return cohortsOf(subscriber).flatMap((cohort) => toEdition(cohort, day) ?? []);
}

/** The story of a subscriber's digests of a local day, or why there is none, in sentences. */
export function tellStory({ subscriber, deliveries, day, now, progressOf }: Known): readonly string[] {
  const ofDay = deliveries.filter((one) => isDeliveredOn(toLedgerEdition(one, subscriber), day));
  const records = ofDay.map(tellRecord);
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

/** How a digest ended, by its record. */
function tellRecord({ cadence, period, outcome, claimedAt, paperIds }: Delivery): string {
  const digest = `The ${cadence} digest of ${period}`;
  switch (outcome.state) {
    case 'sent':
      return `${digest} was sent at ${claimedAt} with ${toCountText(paperIds.length, 'paper')}, as SES message ${outcome.messageId}.`;
    case 'skipped':
      return `${digest} was skipped at ${claimedAt}: ${outcome.reason}.`;
    case 'failed':
      return `${digest} failed at ${claimedAt}: ${outcome.reason}.`;
    case 'uncertain':
      return `${digest} is uncertain since ${claimedAt}: the answer of SES was lost (${outcome.reason}), and it is not sent again.`;
    case 'claimed':
      return `${digest} was claimed at ${claimedAt} and not settled: it is in a worker's hands, or was left by one that died.`;
    default:
      return outcome satisfies never;
  }
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
    return `No instant digest: none of its lists brought anything new on ${day}, or nothing that matched.`;
  const edition = toEdition(cohort, day);
  if (!edition) {
    const next = nextDay(cohort, day);
    return `No ${cadence} digest was due on ${day}: it comes ${toSchedule(cadence, subscriber)}, next on ${next}.`;
  }
  const progress = progressOf(edition);
  if (!progress)
    return `The ${cadence} edition of ${edition.period} for ${key} was not planned: its hour is still to come, or the planner did not run.`;
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

/** A record names no cohort: what it was delivered by is what the subscriber asks for now. */
function toLedgerEdition({ cadence, period }: Delivery, subscriber: Subscriber | undefined): Edition {
  const cohort = subscriber && cohortsOf(subscriber).find((one) => one.cadence === cadence);
  return { cadence, period, cohort: cohort ? toCohortKey(cohort) : '' };
}
