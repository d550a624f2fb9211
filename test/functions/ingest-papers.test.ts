import { expect, test } from '@jest/globals';
import { createIngestPapersPorts } from '../../functions/ingest-papers/ports.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import { localTables } from '../../local/repositories.ts';
import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import { createMemoryDynamoDb } from '../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../fakes/dynamodb/open-documents.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';

/** Returns the times of two requests to arXiv in a row, in milliseconds after the first one. */
async function timeTwoRequests(requestIntervalMs?: number): Promise<readonly number[]> {
  const clock = createManualClock('2026-01-05T08:00:00.000Z');
  const startMs = Date.parse(clock.now());
  let nowMs = startMs;
  const times: number[] = [];
  const http = {
    async fetch() {
      times.push(nowMs - startMs);
      return new Response('<rss/>');
    },
    async sleep(ms: number) {
      nowMs += ms;
    },
    now: () => nowMs,
  };
  const clients = {
    documents: openDocuments(createMemoryDynamoDb(localTables)),
    clock,
    telemetry: createFakeTelemetry(),
  };
  const client = createIngestPapersPorts(
    {
      LISTS: listsTextSchema.parse('arxiv/cs.CL'),
      PAPERS_TABLE: localTables.papers,
      PUBLIC_URL: 'https://papers.example',
    },
    { ...clients, http, ...(requestIntervalMs !== undefined && { requestIntervalMs }) },
  ).httpOf('arxiv');
  for (const list of ['cs.CL', 'cs.LG']) await client.fetchText(new URL(`https://rss.arxiv.org/rss/${list}`));
  return times;
}

test('asks arXiv at most once in three seconds', async () => {
  const [first, second = 0] = await timeTwoRequests();

  expect(first).toBe(0);
  expect(second).toBeGreaterThanOrEqual(3_000);
});

test('asks a sample on the same machine without a wait', async () => {
  expect(await timeTwoRequests(0)).toEqual([0, 0]);
});
