import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { createMeter } from '../../../shared/adapters/meter.ts';
import type { Telemetry } from '../../../shared/observability.ts';
import { fanOut } from '../../../shared/pipeline/fan-out.ts';
import { type SendPorts, sendBatch } from '../../../shared/pipeline/sending/send-batch.ts';
import type { CohortMessage, DigestsMessage } from '../../../shared/ports/queues.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';
import { openListDays } from '../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue } from '../../fakes/outside.ts';
import { createFakeSendRateLimiter } from '../../fakes/sending.ts';
import { synthesise } from '../deployment.ts';
import { dashboardQueriesIn } from '../metrics.ts';

const EDITION = { cadence: 'daily', period: '2026-01-06', cohort: 'daily#Europe/Berlin#08' } as const;

/** Plans an edition with one reader and no paper. Returns the lines that its fan-out and its batch log. */
async function logEdition(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const log = (message: string, fields = {}) => lines.push({ message, ...fields });
  const telemetry: Telemetry = { info: log, warn: log, error: log, count: () => {} };
  const clock = createManualClock('2026-01-06T07:00:00.000Z');
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  const repositories = openRepositories(documents, localTables, clock);
  await repositories.subscribers.save(createSubscriber());
  const [digestsQueue, cohortQueue] = [createFakeQueue<DigestsMessage>(), createFakeQueue<CohortMessage>()];
  const meter = createMeter({ clients: { dynamodb: documents }, clock, memoryMb: 256 });
  const ports = { ...repositories, digestsQueue, cohortQueue, clock, timer: clock, meter, telemetry };
  await fanOut(ports, { edition: EDITION }, () => 60_000);
  const sending: SendPorts = {
    ...ports,
    lists: ['hf-daily'],
    listDays: openListDays(repositories, clock),
    mailer: createFakeMailer(),
    rateLimiter: createFakeSendRateLimiter(),
    compose: () => Promise.reject(new Error()),
    whenUncertain: 'at-most-once',
  };
  const message = { edition: EDITION, batch: 0, subscriberIds: ['subscriber-0000'], queuedAt: clock.now() };
  await sendBatch(sending, message);
  return lines;
}

test('the dashboard reads the cost of editions from the lines that each fan-out and each batch logs', async () => {
  const lines = await logEdition();

  const [query = ''] = dashboardQueriesIn(synthesise({}).resources).filter((text) => text.includes('usd'));
  const sentences = [...(/filter message in \[(.*?)\]/.exec(query)?.[1] ?? '').matchAll(/'(.*?)'/g)];
  const [, sums = '', groups = ''] = /stats (.*) by (.*)/.exec(query) ?? [];
  const summed = [...sums.matchAll(/sum\((\w+)\)/g)].map(([, field = '']) => field);

  expect(sentences.map(([, sentence]) => sentence).sort()).toEqual(['A batch ran', 'A fan-out ran']);
  expect(summed).toEqual(expect.arrayContaining(['usd', 'mails', 'readUnits', 'writeUnits']));
  for (const [, sentence] of sentences) {
    const logged = lines.filter(({ message }) => message === sentence);
    expect(logged).toMatchObject([{ ...EDITION, usd: expect.any(Number) }]);
    expect(Number(logged[0]?.usd)).toBeGreaterThan(0);
    expect(Object.keys(logged[0] ?? {})).toEqual(expect.arrayContaining([...summed, ...groups.split(', ')]));
  }
});
