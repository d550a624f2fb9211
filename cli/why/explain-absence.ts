import {
  type Cohort,
  cohortsOf,
  type Edition,
  instantListsOf,
  isDeliveredOn,
  type ScheduledCohort,
  toCohortKey,
} from '../../shared/domain/digests/cohort.ts';
import type { WhenUncertain } from '../../shared/domain/digests/delivery-state.ts';
import { deliveryTimesBetween } from '../../shared/domain/digests/delivery-times.ts';
import { periodOf } from '../../shared/domain/subscribers/cadence.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { Suppression } from '../../shared/domain/subscribers/suppression.ts';
import {
  addDays,
  addMs,
  type Day,
  type Instant,
  MS_PER_DAY,
  msBetween,
  previousTick,
  startOfDay,
  TICK_MS,
  tickOf,
} from '../../shared/domain/time/time.ts';
import type { KeptDelivery } from '../../shared/ports/deliveries.ts';
import {
  type EditionProgress,
  isUnreadable,
  type PlannerState,
  type UnreadableState,
} from '../../shared/ports/planning.ts';
import { toSchedule } from '../../shared/presentation/subscription-wording.ts';
import { toCountText, toHourText, toListing } from '../../shared/presentation/wording.ts';
import { toChangeText, toMomentText } from '../../shared/subscribers/status-text.ts';

/** What is known of a subscriber and a day. */
export interface Known {
  /** Undefined if no subscriber has the address. */
  readonly subscriber: Subscriber | undefined;
  /** What is kept of a subscriber who left, also after the profile is erased. */
  readonly suppression?: Suppression | undefined;
  /** What is wrong with a profile that cannot be read. */
  readonly profileFault?: string | undefined;
  /** All that the ledger has of them. */
  readonly deliveries: readonly KeptDelivery[];
  readonly day: Day;
  readonly now: Instant;
  /** What the deployment does about a digest with an unknown send status. */
  readonly whenUncertain: WhenUncertain;
  /** How far the planner has come. Undefined before its first run. */
  readonly planner: PlannerState | UnreadableState | undefined;
  /** How an edition of the day stands. Undefined if no fan-out of it began. */
  readonly editionOf: (edition: Edition) => KnownEdition | undefined;
}

/** How far an edition was planned. Batches are counted from 0. */
export interface KnownEdition {
  readonly progress: EditionProgress | UnreadableState;
  /** The batch that names the subscriber. */
  readonly batch?: number | undefined;
  /** Without such a batch: the first one that has an id, or all ids, unreadable. */
  readonly unreadableBatch?: number | undefined;
}

const SEE_UNREADABLE = 'See docs/alarms.md, "A stored record cannot be read".';

/** Returns the editions that are due for a subscriber on a day, by their current choices. Instant editions are left out. */
export function editionsOn(subscriber: Subscriber, day: Day): readonly Edition[] {
  return cohortsOf(subscriber).flatMap((cohort) => toEdition(cohort, day) ?? []);
}

/** Returns lines that say why the ledger has no digest of a cohort on the day. The last one says where to look for the rest. */
export function explainAbsence(known: KnownSubscriber, cohort: Cohort): readonly string[] {
  return cohort.cadence === 'instant' ? explainNoInstant(known) : explainNotSent(known, cohort);
}

type KnownSubscriber = Known & { readonly subscriber: Subscriber };

function explainNotSent(known: KnownSubscriber, cohort: ScheduledCohort): readonly string[] {
  const { subscriber, day, now, planner, editionOf } = known;
  const { cadence, hour, timeZone } = cohort;
  const edition = toEdition(cohort, day);
  if (!edition)
    return [
      `No ${cadence} digest was due on ${day}: it comes ${toSchedule(cadence, subscriber)}, next on ${nextDay(cohort, day)}.`,
    ];
  const dueAt = findDueAt(cohort, day);
  if (dueAt === 'unknown-zone')
    return [
      `The ${cadence} digest of ${day} is never planned: this version does not know the time zone ${timeZone}.`,
      'See docs/alarms.md, "A cohort cannot be planned".',
    ];
  if (dueAt === undefined)
    return [`No ${cadence} digest was due on ${day}: the time zone ${timeZone} left out this day.`];
  const digest = `The ${cadence} digest of ${day}`;
  const due = `${toHourText(hour)} in ${timeZone}, ${toMomentText(dueAt)}`;
  const reason = findReasonNotPlanned(subscriber, dueAt);
  if (reason)
    return [`${digest} (${due}) ${dueAt > now ? 'is' : 'was'} not planned for this reader: ${reason}`];
  if (dueAt > now) return [`${digest} is due at ${due}.`];
  const behind = explainPlannerBehind(planner, dueAt, now);
  return [
    `${digest} was due at ${due}.`,
    ...(behind ? [behind] : explainEdition(editionOf(edition), edition, day)),
  ];
}

/** Returns lines that say how far the fan-out of a planned edition came for the reader. */
function explainEdition(known: KnownEdition | undefined, edition: Edition, day: Day): readonly string[] {
  const { progress, batch, unreadableBatch } = known ?? {};
  const name = `the edition of ${edition.period} for ${edition.cohort}`;
  if (!progress)
    return [
      `The planner has passed that hour, but ${name} has no record.`,
      'Either its message waits on the cohorts queue or is a dead letter.',
      'Or the cohort was empty then, because the reader chose this hour or zone later.',
      `Run "broadsheet doctor" and "broadsheet audit ${day}".`,
    ];
  if (isUnreadable(progress)) return [`The progress of ${name} cannot be read.`, SEE_UNREADABLE];
  if (batch !== undefined)
    return [
      `It is planned in batch ${batch} of ${name}, and no worker has settled it.`,
      'Its message waits on the digests queue or is a dead letter. Run "broadsheet doctor".',
    ];
  if (unreadableBatch !== undefined)
    return [
      `Batch ${unreadableBatch} of ${name} cannot be read in full, and no other batch names this reader.`,
      SEE_UNREADABLE,
    ];
  const readers = toCountText(progress.planned, 'reader');
  return progress.isComplete
    ? [
        `Planning is complete: ${name} names ${readers}, and this reader is not one of them.`,
        'The reader was not in that cohort then. Earlier choices of hour, zone and cadence are not kept.',
      ]
    : [`Planning is not complete: ${name} names ${readers} so far, and this reader is not one of them yet.`];
}

function explainNoInstant({ subscriber, day, now, planner }: KnownSubscriber): readonly string[] {
  const lists = instantListsOf(subscriber);
  const none = `The ledger has no instant digest of ${day} (UTC).`;
  const end = startOfDay(addDays(day, 1));
  const reason = findReasonNotPlanned(subscriber, end < now ? end : now);
  if (reason) return [none, `None is planned for this reader: ${reason}`];
  const behind = explainPlannerBehind(planner, end < now ? end : previousTick(tickOf(now)), now);
  if (behind) return [none, behind];
  const arrivals = planner && !isUnreadable(planner) ? planner.arrivals : {};
  const lastArrivals = lists.map((list) =>
    arrivals[list] ? `${list} on ${toMomentText(arrivals[list])}` : `${list} never`,
  );
  const isQuiet = lists.every((list) => (arrivals[list] ?? '') < startOfDay(day));
  const last = `Last new papers on the lists of the reader: ${toListing(lastArrivals)}.`;
  return isQuiet
    ? [none, 'Nothing new came that day on the lists that the reader follows.', last]
    : [
        none,
        last,
        'If the reader followed the list then, a digest waits on a queue or is a dead letter. Run "broadsheet doctor".',
      ];
}

/** Returns why no digest was planned for a subscriber at a given time. Undefined if the profile has no reason. */
function findReasonNotPlanned(subscriber: Subscriber, at: Instant): string | undefined {
  const { statusChanges, consent } = subscriber;
  const change = statusChanges.findLast((change) => change.at <= at);
  if (!change && subscriber.status === 'unconfirmed') return 'the reader has not confirmed.';
  if (!change && consent.at > at) return `the reader joined after it, on ${toMomentText(consent.at)}.`;
  // The history begins after that time.
  if (!change && statusChanges.length > 0) return undefined;
  const isCurrent = change === statusChanges.at(-1);
  const status = change && !isCurrent ? change.status : subscriber.status;
  const since = change?.status === status ? `: ${toChangeText(change)}` : '';
  switch (status) {
    case 'unconfirmed': {
      const confirmed = statusChanges.find((change) => change.at > at && change.status === 'confirmed');
      return confirmed
        ? `the reader joined after it: ${toChangeText(confirmed)}.`
        : 'the reader has not confirmed.';
    }
    case 'unsubscribed':
    case 'bounced':
    case 'complained':
      return `the reader has left${since}.`;
    case 'paused':
      // A subscriber whose pause has an end stays in the cohort, and the digests are skipped with a record. The history does not have
      // the ends of earlier pauses.
      return isCurrent && subscriber.pausedUntil === undefined ? `the reader was paused${since}.` : undefined;
    case 'confirmed':
      return undefined;
    default:
      return status satisfies never;
  }
}

/** Returns how far the planner is if it has not passed the given time. Undefined if it has. */
function explainPlannerBehind(planner: Known['planner'], at: Instant, now: Instant): string | undefined {
  if (!planner) return 'The planner has never run. See docs/alarms.md, "The planner is failing".';
  if (isUnreadable(planner)) return `The state of the planner cannot be read. ${SEE_UNREADABLE}`;
  const { lastTick, run } = planner;
  if (lastTick >= at) return undefined;
  const step = run ? `, and works on what came due until ${toMomentText(run.until)}` : '';
  const isLate = msBetween(lastTick, now) > 2 * TICK_MS;
  return `The planner has come to ${toMomentText(lastTick)} only${step}. ${isLate ? 'See docs/alarms.md, "The planner is failing".' : 'It runs every quarter hour.'}`;
}

/** Returns when a cohort is due on a local day. Undefined if its zone leaves out the day. */
function findDueAt({ timeZone, hour }: ScheduledCohort, day: Day): Instant | 'unknown-zone' | undefined {
  const noon = `${day}T12:00:00.000Z`;
  try {
    const times = deliveryTimesBetween(timeZone, addMs(noon, -2 * MS_PER_DAY), addMs(noon, 2 * MS_PER_DAY));
    return times.find((time) => time.day === day && time.hour === hour)?.at;
  } catch (error) {
    if (error instanceof RangeError) return 'unknown-zone';
    throw error;
  }
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
