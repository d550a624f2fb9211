import type { Hono } from 'hono';
import { createSendDigestsHandler } from '../../../functions/send-digests/handler.ts';
import { type ArxivModel, createArxiv } from '../../../local/arxiv/arxiv.ts';
import { createLocalFunctions, type LocalFunctions } from '../../../local/functions.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { createLocalPublication } from '../../../local/system.ts';
import type { WhenUncertain } from '../../../shared/domain/digests/delivery-state.ts';
import { listsTextSchema, type SourceName } from '../../../shared/domain/lists/lists.ts';
import { type Instant, MS_PER_DAY, msBetween } from '../../../shared/domain/time/time.ts';
import type { SendPorts } from '../../../shared/pipeline/sending/send-batch.ts';
import { type QueueName, queueNames } from '../../../shared/ports/queues.ts';
import { loadArxivReaders } from '../../../shared/sources/arxiv/arxiv.ts';
import { parseKeys } from '../../../shared/subscribers/keys.ts';
import { createWebApp } from '../../../shared/web/app.tsx';
import { createSubscriberLinks } from '../../../shared/web/links.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createChaosAccount, type DeliveredMail } from '../services/account.ts';
import { toSesEvents } from '../services/events.ts';
import { createMemoryQueue, type MemoryQueue, type MemoryQueueOptions } from '../services/memory-queue.ts';
import { createSourceFetch, type DailyLists, LISTS_URL } from '../services/source.ts';
import { createClients } from './clients.ts';
import { createContainers } from './containers.ts';
import { QUEUE_LIMITS, TIMEOUTS_MS } from './limits.ts';
import { connect, directWire, type FunctionName, type NetworkOptions, type Process } from './network.ts';
import { startQueueWorkers } from './queue-workers.ts';

export interface ChaosSystemOptions extends NetworkOptions {
  readonly lists: DailyLists;
  /** @default arXiv without papers */
  readonly arxiv?: ArxivModel;
  /** The lists of the deployment: `hf-daily,arxiv/cs.CL`. @default 'hf-daily' */
  readonly followed?: string;
  readonly senders: number;
  readonly maxSendRate: number;
  /** @default 50000 */
  readonly max24HourSend?: number | undefined;
  readonly whenUncertain?: WhenUncertain;
  readonly disturb?: MemoryQueueOptions['disturb'];
  /** Whether mails to an address bounce. */
  readonly bounces?: (address: string) => boolean;
  /** How long SES takes to publish an event about a mail. */
  readonly eventDelayMs?: () => number;
  /** Called for each process that dies during its work. */
  readonly onDeath?: (process: Process) => void;
  /** Called for each handled event about a mail. */
  readonly onFeedbackDone?: (body: string) => void;
  readonly onMail?: (mail: DeliveredMail) => void;
}

const MINUTE_MS = 60_000;
const PUBLIC_URL = 'http://localhost:4310';
const KEYS = parseKeys(JSON.stringify({ idKey: 'the one id key of a simulated deployment' }));

/**
 * Returns all functions of the pipeline with the real adapters and SDK clients, on services in memory and virtual time.
 */
export function createChaosSystem(options: ChaosSystemOptions) {
  const { time, random, senders, bounces = () => false, eventDelayMs = () => 1000 } = options;
  const { arxiv = createArxiv({ clock: time, timer: time }), followed = 'hf-daily' } = options;
  const dynamodb = createMemoryDynamoDb(localTables);
  const queues = createQueues(options);
  const account = createChaosAccount(options, time, (mail) => {
    options.onMail?.(mail);
    for (const event of toSesEvents(mail, bounces(mail.to), random))
      queues.feedback.send(event, eventDelayMs());
  });
  const services = { dynamodb, queues, account };

  const start = (process: Process): LocalFunctions => {
    const wire = connect(process, options);
    return createLocalFunctions(createClients(wire, services), {
      clock: time,
      timer: time,
      telemetry: createFakeTelemetry(),
      keys: KEYS,
      publication: createLocalPublication(PUBLIC_URL),
      maxWorkers: senders,
      ...(options.whenUncertain && { whenUncertain: options.whenUncertain }),
      sourceUrls: { 'hf-daily': LISTS_URL },
      lists: followed,
      http: {
        fetch: createSourceFetch(wire, options.lists, arxiv, time),
        sleep: (ms) => time.wait(ms),
        now: () => Date.parse(time.now()),
      },
    });
  };
  const startSending = (process: Process) => {
    const { sendPorts } = start(process);
    // Rendering a mail takes turns of the event loop.
    const compose: SendPorts['compose'] = (digest) => time.hold(sendPorts.compose(digest));
    return createSendDigestsHandler({ ...sendPorts, compose });
  };
  const run = <Functions>(name: FunctionName, from: (process: Process) => Functions) =>
    createContainers(name, TIMEOUTS_MS[name], time, from, options.onDeath);

  const ingest = run('ingest', start);
  const plan = run('plan', start);
  const api = run('api', (process) => {
    const { webPorts } = start(process);
    return { web: createWebApp(webPorts), subscribers: webPorts.subscribers };
  });
  const clients = createClients(directWire, services);
  const arxivRuns: Instant[] = [];

  return {
    repositories: openRepositories(clients.documents, localTables, time),
    documents: clients.documents,
    /** The lists of the deployment. */
    followed: listsTextSchema.parse(followed),
    arxiv,
    /** When the runs of ingest that read arXiv began. */
    arxivRuns: arxivRuns as readonly Instant[],
    queues,
    account,
    now: () => time.now(),
    /** Starts the workers of all queues. */
    startWorkers(): void {
      const { cohorts, digests, feedback } = queues;
      const workers = { workers: 2, batchSize: 1 };
      startQueueWorkers({
        ...workers,
        queue: cohorts,
        containers: run('fan-out', (process) => start(process).fanOutDigests),
      });
      startQueueWorkers({
        ...workers,
        workers: senders,
        queue: digests,
        containers: run('send', startSending),
      });
      startQueueWorkers({
        ...workers,
        batchSize: 10,
        queue: feedback,
        containers: run('feedback', (process) => start(process).handleFeedback),
        onDone: options.onFeedbackDone,
      });
    },
    ingest(source: SourceName = 'hf-daily') {
      if (source === 'arxiv') arxivRuns.push(time.now());
      return ingest.invoke(async ({ ingestPapers }) => {
        // Loading a file takes turns of the event loop.
        if (source === 'arxiv') await time.hold(loadArxivReaders());
        return ingestPapers(source).catch(failed);
      });
    },
    plan: () => plan.invoke(({ planDigests }) => planDigests().catch(failed)),
    /** Unsubscribes a reader with one click, and returns whether that was confirmed. */
    async unsubscribe(subscriberId: string): Promise<boolean> {
      const links = createSubscriberLinks(PUBLIC_URL, KEYS.linkKeys, time.now());
      const { pathname } = new URL(links.unsubscribe(subscriberId));
      const response = await api.invoke(async ({ web }) => {
        // Loading the routes takes turns of the event loop, and a different number in every run.
        await time.hold(loadRoutesOf(web, pathname));
        return web.request(pathname, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'List-Unsubscribe=One-Click',
        });
      });
      return response?.status === 200;
    },
    api,
    /** Waits until all queues are empty. @throws Error if that takes longer than `maxDays` days */
    async waitUntilQuiet(days: number): Promise<void> {
      const startedAt = time.now();
      while (Object.values(queues).some((queue) => queue.backlog() > 0)) {
        if (msBetween(startedAt, time.now()) > days * MS_PER_DAY)
          throw new Error(`the queues were not empty after ${days} days`);
        await time.wait(MINUTE_MS);
      }
    },
  };
}

export type ChaosSystem = ReturnType<typeof createChaosSystem>;

function createQueues({
  time,
  random,
  disturb,
}: ChaosSystemOptions): Readonly<Record<QueueName, MemoryQueue>> {
  const create = (name: QueueName) => createMemoryQueue(time, random, { ...QUEUE_LIMITS[name], disturb });
  return Object.fromEntries(queueNames.map((name) => [name, create(name)])) as Record<QueueName, MemoryQueue>;
}

/** Asks for something that the routes of a path refuse without any call, so the app imports them. */
async function loadRoutesOf(web: Hono, path: string): Promise<void> {
  await web.request(path, { method: 'DELETE' });
}

/** A failed scheduled run has no result. Its telemetry and the next run report it. */
function failed(): undefined {
  return undefined;
}
