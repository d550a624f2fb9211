import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { localTables } from '../../local/emulators/dynamodb.ts';
import { deliveryKeySchema } from '../../shared/domain/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { previousTick } from '../../shared/domain/tick.ts';
import { addDays, addMs, daysFrom, type Instant, MS_PER_DAY, MS_PER_HOUR } from '../../shared/domain/time.ts';
import { changeSubscriber } from '../../shared/subscribers/change-subscriber.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { dueDigestsOf } from '../flow/crowd.ts';
import { type Findings, type History, judge, nameOf } from './history.ts';
import type { Call, Fault } from './network.ts';
import { createRandom, type Random } from './seeded-random.ts';
import { type ChaosSystem, createChaosSystem } from './system.ts';
import { createTroubles, type Troubles } from './troubles.ts';
import { withVirtualGlobals } from './virtual-globals.ts';
import { createVirtualTime } from './virtual-time.ts';

/** What became of one seed. */
export interface SeedResult extends Findings {
  readonly seed: number;
  /** Digests that were planned to be due. */
  readonly digests: number;
  readonly mails: number;
  /** Missing digests that the ledger shows as uncertain. */
  readonly uncertain: readonly string[];
  /** Missing digests that it does not. */
  readonly losses: readonly string[];
  /** Mails of which the ledger does not know, after all events about them. */
  readonly unrecorded: readonly string[];
  /** Mails taken beyond the account's quota. */
  readonly beyondQuota: number;
  readonly struck: Readonly<Record<Fault, number>>;
}

/** A Monday, on which weekly digests come as well. */
const START: Instant = '2026-02-02T00:00:00.000Z';
const DAYS = 2;
const TICKS_A_DAY = 96;
const TICK_MS = MS_PER_DAY / TICKS_A_DAY;
const TICKS_PER_INGEST = 24;
const PAPERS_A_DAY = 4;
const SENDERS = 3;
const SEND_RATE = 60;
const ZONES = ['UTC', 'Asia/Kathmandu', 'America/New_York'] as const;
/** Enough for the longest quota to free and the latest message to come. */
const DAYS_TO_QUIET = 8;

/** Lives through two days with as many subscribers, in which what the seed says goes wrong. */
export async function runSeed(seed: number, subscribers: number): Promise<SeedResult> {
  const random = createRandom(seed);
  const time = createVirtualTime(addMs(START, -2 * MS_PER_HOUR));
  const troubles = createTroubles(random);
  const crowd = createCrowd(random, subscribers);
  const bad = crowd[Math.floor(random() * crowd.length)];
  const history: History = { mails: [], endedAt: new Map(), changed: new Set(bad ? [bad.id] : []) };
  const bouncing = new Set(crowd.filter(() => random() < 0.02).map(({ address }) => address));
  const quota = troubles.quotaShare === undefined ? undefined : Math.ceil(subscribers * troubles.quotaShare);
  const claims = new Map<string, Instant>();
  let isTroubled = false;

  const system: ChaosSystem = createChaosSystem({
    ...{ time, random, senders: SENDERS, maxSendRate: SEND_RATE, max24HourSend: quota },
    lists: createLists(),
    chooseFault: (call) => (isTroubled ? troubles.chooseFault(call) : undefined),
    disturb: () => (isTroubled ? troubles.disturb() : { lateMs: 0, copies: 1 }),
    bounces: (address) => bouncing.has(address),
    eventDelayMs: () => random() ** 4 * MS_PER_HOUR,
    onAnswer: (call, answer) => noteClaim(claims, call, answer, time.now()),
    onMail: (mail) => history.mails.push({ ...mail, claimedAt: claims.get(nameOf(mail)) }),
    onFeedbackDone: (body) => noteBounce(history, body, time.now()),
  });
  const { repositories, account, queues } = system;
  const due = toDue(crowd);

  const live = async (): Promise<SeedResult> => {
    for (const subscriber of crowd) await repositories.subscribers.save(subscriber);
    if (bad) await spoil(system, bad.id);
    await system.ingest();
    await system.waitUntil(START);
    await system.plan();
    system.startWorkers();
    isTroubled = true;
    for (const queue of Object.values(queues)) queue.send(random() < 0.5 ? 'no JSON' : '{"edition":1}');

    await Promise.all([
      keepSchedule(system, troubles, (ms) => time.wait(ms)),
      ...crowd.filter(() => random() < 0.1).map((one) => changeMind(system, history, one, random, time)),
    ]);
    troubles.end();
    for (let round = 0; round < 2; round += 1) {
      for (const queue of [queues.cohorts, queues.digests, queues.feedback]) queue.redrive();
      queues.requests.receive(10).then((taken) => {
        for (const message of taken) message.isDeleted = true;
      });
      await system.waitUntilQuiet(DAYS_TO_QUIET);
    }

    const findings = judge(history, due);
    const states = await Promise.all(findings.missing.map((name) => loadState(system, name)));
    const mailStates = await Promise.all(history.mails.map((mail) => loadState(system, nameOf(mail))));
    return {
      seed,
      ...findings,
      digests: due.length,
      mails: history.mails.length,
      uncertain: findings.missing.filter((_, n) => states[n]?.state === 'uncertain'),
      losses: findings.missing.filter((_, n) => states[n]?.state !== 'uncertain'),
      unrecorded: history.mails
        .filter(({ messageId }, n) => {
          const state = mailStates[n];
          return !(state && 'messageId' in state && state.messageId === messageId);
        })
        .map(nameOf),
      beyondQuota: Math.max(0, account.mostInADay() - (quota ?? Number.POSITIVE_INFINITY)),
      struck: troubles.struck,
    };
  };
  return withVirtualGlobals(time, random, () => time.run(live()));
}

function createCrowd(random: Random, count: number): readonly Subscriber[] {
  const pick = <Value>(values: readonly [Value, ...Value[]]): Value =>
    values[Math.floor(random() * values.length)] ?? values[0];
  return Array.from({ length: count }, (_, n) =>
    createSubscriber({
      id: `reader-${String(n).padStart(3, '0')}`,
      timeZone: pick(ZONES),
      // Few enough that a cohort has several batches.
      hour: pick([7, 8]),
      format: 'text',
      subscriptions: [
        createSubscription({ maxPapers: 1 }),
        ...(random() < 0.1 ? [createSubscription({ id: 's2', cadence: 'weekly', maxPapers: 1 })] : []),
      ],
    }),
  );
}

/** Enough papers that every digest has one that its reader was not sent. */
function createLists() {
  const today = START.slice(0, 10);
  return new Map(
    daysFrom(addDays(today, -4), addDays(today, DAYS)).map((day) => [
      day,
      Array.from(
        { length: PAPERS_A_DAY },
        (_, n) => `${day.slice(2, 4)}${day.slice(5, 7)}.0${day.slice(8)}0${n}`,
      ),
    ]),
  );
}

function toDue(crowd: readonly Subscriber[]): readonly string[] {
  const spans = Array.from({ length: DAYS }, (_, n) => ({
    after: addMs(n === 0 ? previousTick(START) : addMs(START, -TICK_MS), n * MS_PER_DAY),
    until: addMs(START, (n + 1) * MS_PER_DAY - TICK_MS),
  }));
  return crowd.flatMap((one) => spans.flatMap((span) => dueDigestsOf(one, span)));
}

async function keepSchedule(
  { plan, ingest }: ChaosSystem,
  troubles: Troubles,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  for (let tick = 1; tick < DAYS * TICKS_A_DAY; tick += 1) {
    await wait(TICK_MS);
    void plan();
    if (troubles.areTwoPlanners()) void plan();
    if (tick % TICKS_PER_INGEST === 0) void ingest();
  }
  await wait(TICK_MS / 2);
  troubles.end();
  await plan();
}

/** Somebody leaves with one click or moves to another zone, at any moment. */
async function changeMind(
  system: ChaosSystem,
  { endedAt, changed }: History,
  { id }: Subscriber,
  random: Random,
  time: { now(): Instant; wait(ms: number): Promise<void> },
): Promise<void> {
  changed.add(id);
  await time.wait(random() * DAYS * MS_PER_DAY);
  if (random() < 0.5) {
    const isDone = await system.unsubscribe(id).catch(() => false);
    if (isDone && !endedAt.has(id)) endedAt.set(id, time.now());
  } else {
    const timeZone = ZONES[Math.floor(random() * ZONES.length)] ?? 'UTC';
    const move = () => changeSubscriber(system.repositories.subscribers, id, (one) => ({ ...one, timeZone }));
    // Whoever is told of an error is still where they were, or has moved; both are fine.
    await system.change(move).catch(() => undefined);
  }
}

/** Makes a profile unreadable, as a slip of an operator's hand would. */
async function spoil({ documents }: ChaosSystem, id: string): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: localTables.subscribers,
      Key: { pk: `SUB#${id}`, sk: 'PROFILE' },
      UpdateExpression: 'SET address = :address',
      ExpressionAttributeValues: { ':address': 7 },
    }),
  );
}

const answerSchema = z.object({ statusCode: z.literal(200) });

/** Notes when a record of a digest was written, which before its mail is its claim. */
function noteClaim(claims: Map<string, Instant>, { what }: Call, answer: unknown, now: Instant): void {
  const [, id, cadence, period] = /^PutItem SUB#(\S+) (\w+)#(\S+)$/.exec(what) ?? [];
  if (id && answerSchema.safeParse(answer).success) claims.set(`${id} ${cadence} ${period}`, now);
}

/** Notes when somebody's bounce was dealt with. */
function noteBounce({ endedAt, changed }: History, body: string, now: Instant): void {
  if (!body.includes('"Bounce') && !body.includes('\\"Bounce')) return;
  const [, id] = /subscriber\\?":\[\\?"(reader-\d+)/.exec(body) ?? [];
  if (id === undefined) return;
  changed.add(id);
  if (!endedAt.has(id)) endedAt.set(id, now);
}

async function loadState({ repositories }: ChaosSystem, name: string) {
  const [subscriberId, cadence, period] = name.split(' ');
  const key = deliveryKeySchema.parse({ subscriberId, cadence, period });
  return (await repositories.deliveries.load(key))?.outcome;
}
