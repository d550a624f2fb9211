import { createHash } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createArxiv } from '../../../local/arxiv/arxiv.ts';
import { localTables } from '../../../local/repositories.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { addDays, addMs, MS_PER_DAY, MS_PER_HOUR } from '../../../shared/domain/time/time.ts';
import { createRandom, pickOne, type Random } from '../../simulation/seeded-random.ts';
import { withVirtualGlobals } from '../../simulation/virtual-globals.ts';
import { createVirtualTime, type VirtualTime } from '../../simulation/virtual-time.ts';
import { type ClaimedMail, nameOf } from '../judge/history.ts';
import { createObserver, type Observer } from '../judge/observer.ts';
import { reachVerdict } from '../judge/verdict.ts';
import { ARXIV_LISTS } from '../services/batches.ts';
import type { MemoryQueue } from '../services/memory-queue.ts';
import type { Call, Fault } from '../system/network.ts';
import { type ChaosSystem, createChaosSystem } from '../system/system.ts';
import { changeReader } from './change-reader.ts';
import { createDisruptions, type Disruption, type Disruptions } from './disruptions.ts';
import type { SeedResult } from './seed-result.ts';
import {
  createAnnouncements,
  createCrowd,
  createLists,
  DAYS,
  msUntilMailed,
  START,
  TICK_MS,
  toDue,
} from './world.ts';

const TICKS_A_DAY = MS_PER_DAY / TICK_MS;
const TICKS_PER_INGEST = 24;
const TICKS_PER_INGEST_OF_ARXIV = 12;
/** Two records are a page, so a back-fill has several. */
const PAGE_SIZE = 2;
const SENDERS = 3;
const SEND_RATE = 60;
/** Enough for the smallest quota to become free and for the latest message to arrive. */
const DAYS_TO_QUIET = 8;

/** Messages that cannot be parsed. */
const SPOILED: readonly string[] = ['no JSON', '{"edition":1}', '[]'];

const BOUNCING = 0.02;
const CHANGING = 0.1;

/** Simulates two days with the given number of subscribers and the faults of the seed. */
export async function simulateSeed(seed: number, subscribers: number): Promise<SeedResult> {
  const random = createRandom(seed);
  const time = createVirtualTime(addMs(START, -2 * MS_PER_HOUR));
  const disruptions = createDisruptions(random);
  const observer = createObserver(time);
  const crowd = createCrowd(random, subscribers);
  const bad = pickOne(crowd, random);
  const bouncing = new Set(crowd.filter(() => random() < BOUNCING).map(({ address }) => address));
  const quota =
    disruptions.quotaShare === undefined ? undefined : Math.ceil(subscribers * disruptions.quotaShare);
  const batches = createAnnouncements();
  const arxiv = createArxiv({ clock: time, timer: time, pageSize: PAGE_SIZE });
  for (const [day, announcements] of batches) arxiv.announce(day, announcements);
  disruptions.disturbArxiv(arxiv, addMs(START, 5 * MS_PER_HOUR));
  const system = createChaosSystem({
    arxiv,
    followed: ['hf-daily', ...ARXIV_LISTS].join(),
    time,
    random,
    senders: SENDERS,
    maxSendRate: SEND_RATE,
    max24HourSend: quota,
    lists: createLists(),
    whenUncertain: disruptions.whenUncertain,
    chooseFault: (call) => strike(disruptions, observer, call),
    disturb: disruptions.disturb,
    bounces: (address) => bouncing.has(address),
    eventDelayMs: () => random() ** 4 * MS_PER_HOUR,
    onAnswer: observer.onAnswer,
    onDeath: observer.onDeath,
    onMail: observer.onMail,
    onFeedbackDone: observer.onFeedbackDone,
  });

  const live = async (): Promise<SeedResult> => {
    await prepare(system, crowd, bad);
    await time.wait(2 * MS_PER_HOUR);
    await system.plan();
    system.startWorkers();
    disruptions.begin();
    const changing = crowd.filter(() => random() < CHANGING);
    await Promise.all([
      keepSchedule(system, disruptions, time),
      spoilQueues(system, crowd, time, random),
      ...changing.map((reader) => changeReader({ system, observer, random, time }, reader)),
    ]);
    await system.waitUntilQuiet(DAYS_TO_QUIET);
    const givenUp = findGivenUp(system, bad);
    await setAddress(system, bad.id, bad.address);
    for (const queue of Object.values(system.queues)) queue.redrive();
    await system.waitUntilQuiet(DAYS_TO_QUIET);
    // A turn of a dead process is over by now.
    await time.wait(MS_PER_HOUR);
    await system.ingest();
    await system.ingest('arxiv');

    // A subscriber with an unreadable profile is due nothing in time. They may get mail after the repair.
    observer.onChange(bad.id);
    const days = [START.slice(0, 10), addDays(START.slice(0, 10), DAYS - 1)] as const;
    const expectation = {
      due: toDue(crowd),
      mayRepeatDoubtful: disruptions.whenUncertain === 'at-least-once',
    };
    return {
      seed,
      fingerprint: toFingerprint(observer.history.mails, disruptions.struck),
      ...(await reachVerdict(system, observer.history, expectation, days, batches)),
      givenUp,
      struck: disruptions.struck,
    };
  };
  return withVirtualGlobals(time, random, () => time.run(live()));
}

function strike(disruptions: Disruptions, observer: Observer, call: Call): Fault | undefined {
  const fault = disruptions.chooseFault(call);
  if (fault) observer.onFault(call, fault);
  return fault;
}

/** All subscribers have signed up, one profile is unreadable, and the papers of the days before are stored. */
async function prepare(system: ChaosSystem, crowd: readonly Subscriber[], bad: Subscriber): Promise<void> {
  for (const subscriber of crowd) await system.repositories.subscribers.save(subscriber);
  await setAddress(system, bad.id, undefined);
  await system.ingest();
  await system.ingest('arxiv');
}

/** Writes a valid or an invalid address into a profile, as an operator might by hand. */
async function setAddress(
  { documents }: ChaosSystem,
  subscriberId: string,
  address: string | undefined,
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: localTables.subscribers,
      Key: { pk: `SUB#${subscriberId}`, sk: 'PROFILE' },
      UpdateExpression: 'SET address = :address',
      ExpressionAttributeValues: { ':address': address ?? 7 },
    }),
  );
}

/** Puts unreadable messages between those of a cohort that is being mailed. */
async function spoilQueues(
  { queues: { cohorts, digests, feedback } }: ChaosSystem,
  crowd: readonly Subscriber[],
  time: VirtualTime,
  random: Random,
): Promise<void> {
  const spoil = async (queue: MemoryQueue) => {
    await time.wait(msUntilMailed(pickOne(crowd, random), random));
    queue.send(pickOne(SPOILED, random));
  };
  await Promise.all([cohorts, digests, feedback, feedback].map(spoil));
}

/** Returns readable dead letters that do not belong to the unreadable profile. */
function findGivenUp({ queues }: ChaosSystem, { id }: Subscriber): readonly string[] {
  return Object.values(queues)
    .flatMap(({ deadLetters }) => deadLetters.map(({ body }) => body))
    .filter((body) => !SPOILED.includes(body) && !body.includes(`"${id}"`));
}

/**
 * Runs the planner at each tick, sometimes twice at the same time, and reads the lists a few times a day. Sometimes two runs read arXiv at
 * the same time.
 */
async function keepSchedule(
  { plan, ingest }: ChaosSystem,
  disruptions: Disruptions,
  time: VirtualTime,
): Promise<void> {
  for (let tick = 1; tick < DAYS * TICKS_A_DAY; tick += 1) {
    await time.wait(TICK_MS);
    void plan();
    if (disruptions.areTwoPlanners()) void plan();
    if (tick % TICKS_PER_INGEST === 0) void ingest();
    if (tick % TICKS_PER_INGEST_OF_ARXIV === 0) {
      void ingest('arxiv');
      if (disruptions.areTwoIngests()) void ingest('arxiv');
    }
  }
  await time.wait(TICK_MS / 2);
  disruptions.end();
  await plan();
}

function toFingerprint(mails: readonly ClaimedMail[], struck: Readonly<Record<Disruption, number>>): string {
  const hash = createHash('sha256').update(JSON.stringify(struck));
  for (const mail of mails) hash.update(`${nameOf(mail)} ${mail.at} ${mail.claimedAt}\n`);
  return hash.digest('hex').slice(0, 16);
}
