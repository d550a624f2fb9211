import type { SQSEvent } from 'aws-lambda';
import { createSendDigestsHandler } from '../../functions/send-digests/handler.ts';
import { localTables } from '../../local/emulators/dynamodb.ts';
import { type QueueName, queueNames } from '../../local/emulators/sqs.ts';
import { createLocalFunctions } from '../../local/functions.ts';
import { createLocalPublication } from '../../local/local-publication.ts';
import { openRepositories } from '../../local/repositories.ts';
import type { SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { WhenUncertain } from '../../shared/domain/when-uncertain.ts';
import { parseKeys } from '../../shared/keys.ts';
import type { SendPorts } from '../../shared/pipeline/send.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';
import { createChaosAccount, type SunkMail } from './account.ts';
import { createClients } from './clients.ts';
import { createMemoryDynamoDb } from './dynamodb/memory-dynamodb.ts';
import { toSesEvents } from './events.ts';
import { createMemoryQueue, type MemoryQueueOptions, type QueuedMessage } from './memory-queue.ts';
import { type Call, createNetwork, type Fault, type FunctionName } from './network.ts';
import type { Random } from './seeded-random.ts';
import { createSourceFetch, type DailyLists } from './source.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface ChaosSystemOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly chooseFault: (call: Call) => Fault | undefined;
  readonly lists: DailyLists;
  readonly senders: number;
  readonly maxSendRate: number;
  /** @default no limit */
  readonly max24HourSend?: number | undefined;
  readonly whenUncertain?: WhenUncertain;
  readonly disturb?: MemoryQueueOptions['disturb'];
  /** Whether mails to an address come back. */
  readonly bounces?: (address: string) => boolean;
  /** How long SES takes to tell of a mail. */
  readonly eventDelayMs?: () => number;
  /** Told of each event about a mail that was dealt with. */
  readonly onFeedbackDone?: (body: string) => void;
  readonly onAnswer?: (call: Call, answer: unknown) => void;
  readonly onMail?: (mail: SunkMail) => void;
}

const MINUTE_MS = 60_000;

/** As the stack sets them: a message comes again after six times the time that its function may take. */
const LIMITS: Readonly<Record<QueueName, { readonly timeoutMs: number; readonly maxReceives: number }>> = {
  cohorts: { timeoutMs: 2 * MINUTE_MS, maxReceives: 5 },
  digests: { timeoutMs: 5 * MINUTE_MS, maxReceives: 10 },
  feedback: { timeoutMs: MINUTE_MS / 2, maxReceives: 5 },
  requests: { timeoutMs: MINUTE_MS / 2, maxReceives: 20 },
};
const VISIBILITY_TIMEOUTS = 6;
const INGEST_TIMEOUT_MS = 5 * MINUTE_MS;
const PLAN_TIMEOUT_MS = 2 * MINUTE_MS;
const API_TIMEOUT_MS = MINUTE_MS / 4;

const WORKERS: readonly {
  readonly queue: QueueName;
  readonly functionName: FunctionName;
  readonly batchSize: number;
}[] = [
  { queue: 'cohorts', functionName: 'fan-out', batchSize: 1 },
  { queue: 'digests', functionName: 'send', batchSize: 1 },
  { queue: 'feedback', functionName: 'feedback', batchSize: 10 },
];

const PUBLIC_URL = 'http://localhost:4310';
const KEYS = parseKeys(JSON.stringify({ idKey: 'the one id key of a simulated deployment' }));

/** All functions of the pipeline with the real adapters and SDK clients, on services in memory and virtual time. */
export function createChaosSystem(options: ChaosSystemOptions) {
  const { time, random, chooseFault, lists, senders } = options;
  const network = createNetwork(time, random, chooseFault, options.onAnswer);
  const dynamodb = createMemoryDynamoDb(localTables);
  const queues = Object.fromEntries(
    queueNames.map((name) => {
      const { timeoutMs, maxReceives } = LIMITS[name];
      const { disturb } = options;
      const visibilityTimeoutMs = VISIBILITY_TIMEOUTS * timeoutMs;
      return [name, createMemoryQueue(time, random, { visibilityTimeoutMs, maxReceives, disturb })];
    }),
  ) as Record<QueueName, ReturnType<typeof createMemoryQueue>>;
  const account = createChaosAccount(options, time, (mail) => {
    const { bounces = () => false, eventDelayMs = () => 1000 } = options;
    options.onMail?.(mail);
    for (const event of toSesEvents(mail, bounces(mail.to), random))
      queues.feedback.send(event, eventDelayMs());
  });
  const clients = createClients(network, { dynamodb, queues, account });
  const publication = createLocalPublication(PUBLIC_URL);
  const telemetry = createFakeTelemetry();

  /** What a new worker process has. */
  const start = () => {
    const { sendPorts, ...functions } = createLocalFunctions(clients, {
      clock: time,
      timer: time,
      telemetry,
      publication,
      keys: KEYS,
      maxWorkers: senders,
      ...(options.whenUncertain && { whenUncertain: options.whenUncertain }),
      hfUrl: 'https://lists.example/api/daily_papers',
      http: {
        fetch: createSourceFetch(network, lists),
        sleep: (ms) => time.wait(ms),
        now: () => Date.parse(time.now()),
      },
    });
    // To make a mail takes turns of the event loop.
    const compose: SendPorts['compose'] = (digest) => time.hold(sendPorts.compose(digest));
    return { ...functions, sendDigests: createSendDigestsHandler({ ...sendPorts, compose }) };
  };

  /** Takes messages for ever; a worker that died is followed by a new one. */
  const work = async ({ queue, functionName, batchSize }: (typeof WORKERS)[number]) => {
    let functions = start();
    for (;;) {
      const messages = await queues[queue].receive(batchSize);
      const handler = {
        cohorts: functions.fanOutDigests,
        digests: functions.sendDigests,
        feedback: functions.handleFeedback,
        requests: functions.handleRequests,
      }[queue];
      const done = await network.invoke(functionName, LIMITS[queue].timeoutMs, () =>
        handOver(handler, messages),
      );
      if (!done) functions = start();
      for (const message of done ?? []) {
        message.isDeleted = true;
        if (queue === 'feedback') options.onFeedbackDone?.(message.body);
      }
    }
  };

  const web = createWebApp(start().webPorts);
  return {
    repositories: openRepositories(clients.documents, localTables, time),
    documents: clients.documents,
    dynamodb,
    queues,
    account,
    /** Starts the workers of all queues. */
    startWorkers(): void {
      for (const worker of WORKERS) {
        const count = worker.queue === 'digests' ? senders : 2;
        for (let n = 0; n < count; n += 1) void work(worker);
      }
    },
    ingest: () =>
      network.invoke('ingest', INGEST_TIMEOUT_MS, () => start().ingestPapers('hf-daily').catch(failed)),
    plan: () => network.invoke('plan', PLAN_TIMEOUT_MS, () => start().planDigests().catch(failed)),
    /** Unsubscribes with one click; whether that was acknowledged. */
    async unsubscribe(subscriberId: string): Promise<boolean> {
      const url = createSubscriberLinks(PUBLIC_URL, KEYS.linkKeys, time.now()).unsubscribe(subscriberId);
      const post = async () =>
        web.request(url.pathname, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'List-Unsubscribe=One-Click',
        });
      return (await network.invoke('api', API_TIMEOUT_MS, post))?.status === 200;
    },
    /** Runs a change of a profile as the pages do. */
    change: <Result>(run: () => Promise<Result>) => network.invoke('api', API_TIMEOUT_MS, run),
    async waitUntil(instant: Instant): Promise<void> {
      await time.wait(Date.parse(instant) - Date.parse(time.now()));
    },
    /** Waits until no queue has anything left. @throws Error when that takes more than so many days */
    async waitUntilQuiet(days: number): Promise<void> {
      const until = Date.parse(time.now()) + days * 24 * 60 * MINUTE_MS;
      while (Object.values(queues).some((queue) => queue.backlog() > 0)) {
        if (Date.parse(time.now()) > until) throw new Error(`the queues were not worked off in ${days} days`);
        await time.wait(MINUTE_MS);
      }
    },
  };
}

export type ChaosSystem = ReturnType<typeof createChaosSystem>;

/** What a schedule's run comes to that failed: its telemetry and the next run tell of it. */
function failed(): undefined {
  return undefined;
}

async function handOver(
  handler: SqsHandler,
  messages: readonly QueuedMessage[],
): Promise<readonly QueuedMessage[]> {
  const event: SQSEvent = {
    Records: messages.map(({ id, body, receives }) => ({
      messageId: id,
      receiptHandle: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: '0',
        SenderId: 'chaos',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:chaos',
      awsRegion: 'us-east-1',
    })),
  };
  const { batchItemFailures } = await handler(event);
  const failures = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return messages.filter(({ id }) => !failures.has(id));
}
