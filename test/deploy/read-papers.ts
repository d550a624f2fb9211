import assert from 'node:assert/strict';
import * as z from 'zod';
import type { SourceName } from '../../shared/domain/lists/lists.ts';
import { addDays, type Day } from '../../shared/domain/time/time.ts';
import { invokeFunction } from './call-service.ts';
import type { Deployment } from './deployment.ts';
import { runSchedule } from './run-schedule.ts';
import { waitUntil } from './wait-until.ts';

const SOURCE: SourceName = 'hf-daily';
const SAMPLE_PAPERS = 40;

/** The scheduler runs every ten seconds, and the function takes a few more. */
const SCHEDULE_TIMEOUT_MS = 40_000;

export const resultSchema = z.object({
  itemsRead: z.number(),
  itemsRejected: z.number(),
  papersIngested: z.number(),
  problems: z.array(z.string()),
});

/**
 * Waits until the schedule has read the sample, whose newer day is `today`, and checks that every paper is in the
 * tables.
 */
export async function readBySchedule(deployment: Deployment, today: Day): Promise<void> {
  await runSchedule(deployment.cloud, deployment.IngestPapersFunction, SOURCE);
  await waitUntil(`${SAMPLE_PAPERS} papers in the table`, SCHEDULE_TIMEOUT_MS, async () => {
    const count = (await loadSample(deployment, today)).length;
    return count === SAMPLE_PAPERS ? count : undefined;
  });
}

/** Reads the sample again by hand, and checks that nothing changed. */
export async function readByHand(deployment: Deployment, today: Day): Promise<void> {
  const before = await loadSample(deployment, today);
  const result = resultSchema.parse(
    await invokeFunction(deployment.cloud, deployment.IngestPapersFunction, { source: SOURCE }),
  );
  assert.deepEqual(result, {
    itemsRead: SAMPLE_PAPERS,
    itemsRejected: 0,
    papersIngested: SAMPLE_PAPERS,
    problems: [],
  });
  assert.deepEqual(await loadSample(deployment, today), before);
}

async function loadSample({ repositories }: Deployment, today: Day) {
  const days = [addDays(today, -1), today];
  const listings = (await Promise.all(days.map((day) => repositories.listings.load(SOURCE, day)))).flat();
  const papers = await repositories.papers.loadMany(listings.map(({ paperId }) => paperId));
  return papers.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
