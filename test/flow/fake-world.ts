import { createFanOutDigestsHandler } from '../../functions/fan-out-digests/handler.ts';
import { createPlanDigestsHandler } from '../../functions/plan-digests/handler.ts';
import { createSendDigestsHandler } from '../../functions/send-digests/handler.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import type { SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import type { DeliveryKey } from '../../shared/domain/digests/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import {
  addDays,
  addMs,
  daysFrom,
  MS_PER_DAY,
  MS_PER_HOUR,
  previousTick,
  utcDayOf,
} from '../../shared/domain/time/time.ts';
import { handleFeedback } from '../../shared/feedback/handle-feedback.ts';
import type { Digest } from '../../shared/matching/digest.ts';
import { isUnreadable, type PlannerRepository } from '../../shared/ports/planning.ts';
import type { CohortMessage, DigestsMessage } from '../../shared/ports/queues.ts';
import { createFacts, createListing } from '../factories/papers.ts';
import { createFeedback } from '../factories/ses-events.ts';
import { openListDays } from '../fakes/list-days.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';
import { createFakeRepositories } from '../fakes/repositories.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../fakes/sending.ts';
import type { fc } from '../fast-check.ts';
import { type Crash, intercept, type PortCall, planCrashes } from './crashing-ports.ts';
import { type PlannedSpan, START } from './crowd.ts';
import {
  createFakeServices,
  type Disruptions,
  findKeyWrittenBy,
  type Message,
  type SentMail,
  toMail,
} from './fake-services.ts';
import { deliver } from './sqs-delivery.ts';

/** The next event. A number picks an item and wraps around. Messages are counted from the newest, 0. */
export type Event =
  | { readonly what: 'plan' }
  | { readonly what: 'fan out' | 'send' | 'feedback'; readonly picks: readonly number[] }
  | { readonly what: 'change'; readonly pick: number; readonly status: Subscriber['status'] }
  | { readonly what: 'new papers' }
  | { readonly what: 'wait'; readonly hours: number };

/** A subscriber's change of status, with its step of the world's counter. */
interface StatusChange {
  readonly subscriberId: string;
  readonly status: Subscriber['status'];
  readonly at: number;
}

const PAPERS_A_DAY = 5;
const DAYS_OF_PAPERS = 14;
const MAX_ROUNDS = 20;

/** The maximum run time of a Lambda function. */
const LONGEST_RUN_MS = 15 * 60_000;

/**
 * Creates the pipeline's own handlers on repositories in memory. A scheduler interleaves the steps of the workers. The
 * first day is planned already, and nothing of it is handled.
 */
export async function createWorld(
  scheduler: fc.Scheduler,
  crowd: readonly Subscriber[],
  disruptions: Disruptions & { readonly crashes: readonly Crash[] },
) {
  const clock = createManualClock(START);
  const repositories = createFakeRepositories(clock);
  const spans: PlannedSpan[] = [];
  const planner: PlannerRepository = {
    ...repositories.planner,
    async save(state, previous) {
      await repositories.planner.save(state, previous);
      const known = isUnreadable(previous) ? undefined : previous;
      spans.push({ after: known?.lastTick ?? previousTick(state.lastTick), until: state.lastTick });
    },
  };
  const statusChanges: StatusChange[] = [];
  const profiles = new Map<Subscriber['id'], Subscriber>();
  const telemetry = createFakeTelemetry();
  let step = 0;
  let areFaultsOff = false;

  const outside = createFakeServices(
    disruptions,
    () => !areFaultsOff,
    () => ++step,
  );
  const crashes = planCrashes(
    disruptions.crashes,
    () => scheduler.schedule(Promise.resolve()),
    (call) => outside.cut(findKeyWrittenBy(call)),
  );

  /** Returns the functions for one invocation. */
  const invoke = () => {
    const endsAt = addMs(clock.now(), LONGEST_RUN_MS);
    const around = areFaultsOff
      ? ({ perform }: PortCall) => perform()
      : crashes.startWorker(() => clock.now() >= endsAt);
    const { sourceStates, ...others } = repositories;
    const ports = {
      lists: ['hf-daily'],
      sources: ['hf-daily'] as const,
      listDays: openListDays(repositories, clock),
      sourceStates,
      papers: others.papers,
      newVersions: others.newVersions,
      subscribers: intercept(others.subscribers, around),
      cohorts: intercept(others.cohorts, around),
      planner: intercept(planner, around),
      editions: intercept(others.editions, around),
      deliveries: intercept(others.deliveries, around),
      cohortQueue: intercept(outside.createQueue<CohortMessage>('fan out'), around),
      digestsQueue: intercept(outside.createQueue<DigestsMessage>('send'), around),
      mailer: intercept(outside.createMailer(++step), around),
      waitlist: intercept(others.waitlist, around),
      rateLimiter: createFakeSendRateLimiter(),
      meter: createFakeMeter(),
      whenUncertain: 'at-most-once' as const,
      compose: async (digest: Digest) => toMail(digest),
      clock,
      timer: { wait: async () => {} },
      telemetry,
    };
    return {
      plan: createPlanDigestsHandler(ports),
      'fan out': createFanOutDigestsHandler(ports),
      send: createSendDigestsHandler(ports),
      /** Handles the event that a mail was delivered. */
      feedback: ({ key, messageId }: SentMail) =>
        handleFeedback(ports, createFeedback({ digest: key, messageId, at: clock.now() })),
    };
  };

  const handOver = async (handler: SqsHandler, messages: readonly Message[]) => {
    const failed = await deliver(
      handler,
      messages.map(({ body }) => body),
    );
    for (const message of messages) message.isDone ||= !failed.includes(message.body);
  };

  const change = async (subscriberId: string, status: Subscriber['status']) => {
    const subscriber = profiles.get(subscriberId);
    if (!subscriber) return;
    const saving = repositories.subscribers.save({ ...subscriber, status });
    profiles.set(subscriberId, { ...subscriber, status, version: subscriber.version + 1 });
    statusChanges.push({ subscriberId, status, at: ++step });
    await saving;
  };

  const bringAbout = async (event: Event): Promise<void> => {
    switch (event.what) {
      case 'plan':
        // A failed planner is not retried, because the next tick plans what it left.
        await invoke()
          .plan()
          .catch(() => undefined);
        return;
      case 'fan out':
      case 'send': {
        const all = outside.queues[event.what];
        const picked = new Set(event.picks.flatMap((pick) => all.at(-1 - (pick % all.length)) ?? []));
        if (picked.size > 0) await handOver(invoke()[event.what], [...picked]);
        return;
      }
      case 'feedback':
        for (const pick of new Set(event.picks)) {
          const mail = outside.mails.at(-1 - pick);
          // Failed events are handled again at the end.
          if (mail)
            await invoke()
              .feedback(mail)
              .catch(() => undefined);
        }
        return;
      case 'change':
        return change(crowd[event.pick % crowd.length]?.id ?? '', event.status);
      case 'new papers':
        return repositories.sourceStates.save('hf-daily', {
          lists: { 'hf-daily': { lastNewAt: clock.now(), failuresInARow: 0 } },
        });
      case 'wait':
        clock.moveBy(event.hours * MS_PER_HOUR);
        return;
      default:
        return event satisfies never;
    }
  };

  /**
   * Plans up to now and delivers all unfinished messages, an hour later each time and without faults. Then publishes the events of
   * all mails, including those published before.
   */
  const workOff = async (): Promise<void> => {
    areFaultsOff = true;
    clock.moveBy(MS_PER_HOUR / 4);
    await invoke().plan();
    for (const name of ['fan out', 'send'] as const) {
      for (let round = 0; outside.queues[name].some(({ isDone }) => !isDone); round += 1) {
        if (round === MAX_ROUNDS) throw new Error(`messages to ${name} failed ${round} times`);
        for (const message of outside.queues[name].filter(({ isDone }) => !isDone)) {
          await handOver(invoke()[name], [message]);
        }
        clock.moveBy(MS_PER_HOUR);
      }
    }
    for (const mail of outside.mails) await invoke().feedback(mail);
  };

  /** Returns the digests whose send status the ledger does not know because a call was cut short. */
  const loadUnsettled = async (): Promise<ReadonlySet<string>> => {
    const inDoubt = new Set<string>();
    for (const [digest, key] of outside.cutShort) {
      const state = (await repositories.deliveries.load(key))?.outcome.state;
      if (state === 'claimed' || state === 'uncertain') inDoubt.add(digest);
    }
    return inDoubt;
  };

  const today = utcDayOf(START);
  for (const day of daysFrom(addDays(today, 4 - DAYS_OF_PAPERS), addDays(today, DAYS_OF_PAPERS))) {
    for (let n = 0; n < PAPERS_A_DAY; n += 1) {
      const paperId = `${day.slice(2, 4)}${day.slice(5, 7)}.0${day.slice(8)}0${n}`;
      await repositories.papers.save(createFacts({ id: paperId }), START);
      await repositories.listings.save(createListing({ day, paperId, firstSeenAt: START }));
    }
  }
  for (const subscriber of crowd)
    profiles.set(subscriber.id, await repositories.subscribers.save(subscriber));
  areFaultsOff = true;
  await invoke().plan();
  await bringAbout({ what: 'new papers' });
  clock.moveBy(MS_PER_DAY);
  await invoke().plan();
  areFaultsOff = false;

  return {
    bringAbout,
    workOff,
    loadUnsettled,
    loadOutcome: async (key: DeliveryKey) => (await repositories.deliveries.load(key))?.outcome,
    now: () => clock.now(),
    mails: outside.mails,
    statusChanges,
    /** What the planner planned, by run. */
    spans,
    crashes: () => crashes.struck(),
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
