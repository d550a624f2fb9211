import { createArxiv } from '../../local/arxiv/arxiv.ts';
import { localClientOptions } from '../../local/emulators/loopback.ts';
import { createLocalFunctions } from '../../local/functions.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../local/repositories.ts';
import { toResultXml } from '../../local/ses/protocol.ts';
import { createLocalPublication } from '../../local/system.ts';
import type { SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { createSesClient } from '../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import type { Instant } from '../../shared/domain/time/time.ts';
import type { Telemetry } from '../../shared/observability.ts';
import { type QueueName, queueNames } from '../../shared/ports/queues.ts';
import { parseKeys } from '../../shared/subscribers/keys.ts';
import type { MemoryQueue } from '../../test/chaos/services/memory-queue.ts';
import { callSqs, queueUrls } from '../../test/chaos/system/call-sqs.ts';
import { directWire } from '../../test/chaos/system/network.ts';
import { createMemoryDynamoDb } from '../../test/fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../test/fakes/dynamodb/open-documents.ts';
import type { Units } from '../../test/fakes/dynamodb/units.ts';
import { createFakeTelemetry } from '../../test/fakes/outside.ts';
import { answerRequests, createResponse } from '../../test/fakes/request-handler.ts';
import { CATEGORIES } from './papers.ts';
import { addUnits, countUnits, type Purposes, purposeOf } from './purposes.ts';

/** The mails that SES accepted. */
interface Sink {
  mails: number;
  bytes: number;
}

const KEYS = parseKeys(JSON.stringify({ idKey: 'the one id key of a simulated deployment' }));
const REQUEST_ID = '00000000-0000-4000-8000-000000000000';
const NOWHERE = localClientOptions('http://127.0.0.1:1');
export interface DeploymentOptions {
  /** The lists that are read. @default twenty categories of arXiv */
  readonly lists?: string;
  /** Answers what is fetched. @default the model of arXiv */
  readonly fetch?: typeof fetch;
  /** The rate of the account. @default a rate that never holds a mail back */
  readonly maxSendRate?: number;
  /** @default 1 */
  readonly maxWorkers?: number;
  /** @default logs and counts nothing */
  readonly telemetry?: Telemetry;
}

const UNLIMITED = { Max24HourSend: '-1', SentLast24Hours: '0' };
const ARXIV_LISTS = CATEGORIES.map((category) => `arxiv/${category}`).join();

/**
 * Creates all functions with the real adapters and SDK clients. The tables are in memory and count their units, arXiv is a model, and
 * SES counts the mails and forgets them. The clock changes only when it is moved.
 */
export function createDeployment(
  start: Instant,
  { lists = ARXIV_LISTS, maxSendRate = 1000, maxWorkers = 1, ...others }: DeploymentOptions = {},
) {
  const clock = createManualClock(start);
  const arxiv = createArxiv({ clock, timer: clock });
  const dynamodb = createMemoryDynamoDb(localTables);
  const messages = Object.fromEntries(queueNames.map((name) => [name, [] as string[]])) as Record<
    QueueName,
    string[]
  >;
  const queues = Object.fromEntries(queueNames.map((name) => [name, toQueue(messages[name])])) as Record<
    QueueName,
    MemoryQueue
  >;
  const sink: Sink = { mails: 0, bytes: 0 };
  const { telemetry = createFakeTelemetry() } = others;

  let tablesCpuMicros = 0;
  const purposes = new Map<string, Units>();
  const documents = openDocuments({
    answer(target, body) {
      const before = process.cpuUsage();
      const unitsBefore = countUnits(dynamodb);
      const answer = dynamodb.answer(target, body);
      addUnits(purposes, purposeOf(target, body), unitsBefore, countUnits(dynamodb));
      const { user, system } = process.cpuUsage(before);
      tablesCpuMicros += user + system;
      return answer;
    },
  });
  const sqs = createSqsClient(NOWHERE);
  answerRequests(sqs, ({ body }) => callSqs(directWire, queues, body));
  const ses = createSesClient(NOWHERE);
  answerRequests(ses, ({ body }) => createResponse(200, answerSes(sink, maxSendRate, body)));

  const create = () =>
    createLocalFunctions(
      { documents, sqs, ses, queueUrls },
      {
        clock,
        timer: clock,
        telemetry,
        keys: KEYS,
        publication: createLocalPublication('https://papers.example.org'),
        lists,
        maxWorkers,
        http: {
          fetch: others.fetch ?? arxiv.fetch,
          sleep: (ms) => clock.wait(ms),
          now: () => Date.parse(clock.now()),
        },
      },
    );
  const functions = create();
  return {
    clock,
    arxiv,
    dynamodb,
    documents,
    sqs,
    functions,
    messages,
    sink,
    repositories: openRepositories(documents, localTables, clock),
    /** What was used of the tables so far, by purpose. */
    purposes: (): Purposes => new Map([...purposes].map(([purpose, units]) => [purpose, { ...units }])),
    /** The processor time of the simulated tables. */
    tablesCpuMicros: () => tablesCpuMicros,
    /** Returns the sending function of a new container, without papers in memory. */
    startWorker: () => create().sendDigests,
    /** Hands over all messages of a queue, and those that it gets meanwhile. */
    async drain(queue: QueueName, handler: SqsHandler) {
      for (let body = messages[queue].shift(); body !== undefined; body = messages[queue].shift())
        await deliver(handler, body);
    },
  };
}

/** Hands over one message. @throws Error if it would be redelivered */
export async function deliver(handler: SqsHandler, body: string): Promise<void> {
  const record = { messageId: 'm', body, attributes: { ApproximateReceiveCount: '1' } };
  const event = { Records: [record] } as unknown as Parameters<SqsHandler>[0];
  const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => 300_000 });
  if (batchItemFailures.length > 0) throw new Error(`a message failed: ${body.slice(0, 200)}`);
}

function toQueue(messages: string[]): MemoryQueue {
  const unused = () => {
    throw new Error('a message was put off, redriven or received');
  };
  return {
    send: (body) => void messages.push(body),
    putOff: unused,
    receive: unused,
    redrive: unused,
    backlog: () => messages.length,
    deadLetters: [],
  };
}

function answerSes(sink: Sink, maxSendRate: number, body: string): string {
  const [, action = ''] = /(?:^|&)Action=(\w+)/.exec(body) ?? [];
  if (action === 'GetSendQuota')
    return toResultXml(action, { MaxSendRate: String(maxSendRate), ...UNLIMITED }, REQUEST_ID);
  sink.mails += 1;
  sink.bytes += body.length;
  return toResultXml(action, { MessageId: `mail-${sink.mails}` }, REQUEST_ID);
}
