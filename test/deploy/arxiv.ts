import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Announcement } from '../../local/arxiv/archive.ts';
import { createArxiv } from '../../local/arxiv/arxiv.ts';
import { readArxivReplay } from '../../local/arxiv/replay.ts';
import { loadArxivSample } from '../../local/arxiv/sample.ts';
import { startArxivServer } from '../../local/arxiv/server.ts';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import { LOOK_BACK_DAYS } from '../../shared/domain/subscribers/cadence.ts';
import { addDays, type Day } from '../../shared/domain/time/time.ts';
import { findBreaches } from '../arxiv-terms.ts';
import { submittedBefore } from '../factories/arxiv.ts';
import { invokeFunction } from './call-service.ts';
import type { CleanUp } from './clean-up.ts';
import type { Deployment } from './deployment.ts';
import { fetchFromApi } from './fetch-from-api.ts';
import { resultSchema } from './read-papers.ts';
import type { SentDigest } from './send-digests.ts';
import { ARXIV_LIST } from './settings.ts';
import { waitUntil } from './wait-until.ts';

/** Recorded answers that are no part of the project. */
const RECORDINGS = fileURLToPath(new URL('../../../shared/recordings/arxiv', import.meta.url));

const MAX_PAPERS = 40;

/** What a run says if another one reads arXiv. The deployed schedule may have begun one, at its minute of the hour. */
const BUSY = ['another run reads this source'];

/** A turn ends by itself after the time-out of the function and a margin. */
const TURN_TIMEOUT_MS = 6 * 60_000;

/** arXiv on this machine, with one batch. */
export type ServedArxiv = Awaited<ReturnType<typeof serveArxiv>>;

/** Serves a recorded batch, if the recordings are there, or else that of the sample. It has the date of arXiv's newest batch. */
export async function serveArxiv(cleanUp: CleanUp) {
  const model = createArxiv({ clock: systemClock, timer: systemTimer });
  const { day, announcements: sample } = await loadArxivSample(systemClock.now());
  const announcements = existsSync(RECORDINGS) ? loadRecorded(day) : sample;
  model.announce(day, announcements);
  const server = await startArxivServer(model);
  cleanUp.add(server.close);
  return { url: server.url, day, requests: model.requests };
}

/** Returns new papers of the largest recorded batch, as if they were submitted for the batch of a day. */
function loadRecorded(day: Day): readonly Announcement[] {
  const batches = readArxivReplay(RECORDINGS).batches.map(({ announcements }) => announcements);
  const [largest = []] = batches.sort((a, b) => b.length - a.length);
  return largest
    .filter(({ action }) => action === 'new')
    .slice(0, MAX_PAPERS)
    .map(({ action, paper }) => ({ action, paper: { ...paper, versions: [submittedBefore(day)] } }));
}

/** Reads arXiv, and checks that its papers are on their list and that no two requests were too close. Returns how many there are. */
export async function readArxiv(deployment: Deployment, { day, requests }: ServedArxiv): Promise<number> {
  const result = await waitUntil('a turn to read arXiv', TURN_TIMEOUT_MS, async () => {
    const answer = await invokeFunction(deployment.cloud, deployment.IngestPapersFunction, {
      source: 'arxiv',
    });
    const run = resultSchema.parse(answer);
    return isDeepStrictEqual(run.problems, BUSY) ? undefined : run;
  });
  assert.deepEqual([result.problems, result.itemsRejected], [[], 0]);
  const listings = await deployment.repositories.listings.load(ARXIV_LIST, day);
  const papers = await deployment.repositories.papers.loadMany(listings.map(({ paperId }) => paperId));
  assert.ok(listings.length > 0, `${ARXIV_LIST} has papers on ${day}`);
  assert.equal(papers.length, listings.length);
  assert.deepEqual(findBreaches(requests), []);
  return papers.length;
}

const statusSchema = z.object({
  lists: z.array(z.object({ id: z.string(), state: z.string(), newestDay: z.string().optional() })),
});

/** Checks that the API reports the states of both lists. A list is quiet on a day without a batch. */
export async function readStatus(deployment: Deployment, { day }: ServedArxiv): Promise<void> {
  const url = new URL('/v1/status', deployment.ApiUrl);
  const { status, body } = await fetchFromApi(deployment, { method: 'GET', url });
  assert.equal(status, 200, body.slice(0, 500));
  const { lists } = statusSchema.parse(JSON.parse(body));
  assert.deepEqual(lists.map(({ id }) => id).sort(), [ARXIV_LIST, 'hf-daily']);
  const arxiv = lists.find(({ id }) => id === ARXIV_LIST);
  assert.equal(arxiv?.newestDay, day);
  for (const { id, state } of lists) assert.match(state, /^(fresh|quiet)$/, id);
}

/** Checks that a digest has papers of both lists. After a holiday, the newest batch of arXiv may be too old for a daily digest. */
export async function assertBothLists(
  { repositories }: Deployment,
  { day }: ServedArxiv,
  today: Day,
  { delivery }: SentDigest,
): Promise<void> {
  const isRecent = day >= addDays(today, -LOOK_BACK_DAYS.daily);
  for (const [list, listDay] of [
    ['hf-daily', today] as const,
    ...(isRecent ? [[ARXIV_LIST, day] as const] : []),
  ]) {
    const listed = (await repositories.listings.load(list, listDay)).map(({ paperId }) => paperId);
    assert.ok(
      delivery.paperIds.some((id) => listed.includes(id)),
      `the digest has papers of ${list}`,
    );
  }
}
