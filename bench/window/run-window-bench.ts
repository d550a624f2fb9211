import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tableOf } from '../../infra/markdown-table.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import type { Paper } from '../../shared/domain/papers/paper.ts';
import { LOOK_BACK_DAYS } from '../../shared/domain/subscribers/cadence.ts';
import { addDays, type Day, daysFrom } from '../../shared/domain/time/time.ts';
import { openWindow } from '../../shared/matching/window.ts';
import { createListDayCache } from '../../shared/pipeline/snapshots/list-day-cache.ts';
import {
  type ListDay,
  listDayKeyOf,
  type SnapshotHeader,
  type SnapshotReader,
} from '../../shared/ports/snapshots.ts';
import { type ListDayPapers, toListDayPapers } from '../../shared/snapshots/list-day.ts';
import { inOrder, sealState, toSnapshotState } from '../../shared/snapshots/snapshot-state.ts';
import { sealTexts } from '../../shared/snapshots/texts.ts';
import { createRandom } from '../../test/simulation/seeded-random.ts';
import { readRecordedPapers } from './recorded-papers.ts';

const LISTS = Array.from({ length: 20 }, (_, nth) => `arxiv/cs.${String.fromCharCode(65 + nth)}X`);
const PAPERS_A_DAY = 500;
const LAST: Day = '2026-01-05';
const DAYS = daysFrom(addDays(LAST, -LOOK_BACK_DAYS.monthly), LAST);
const NOW = `${LAST}T08:00:00.000Z`;

/**
 * Loads the window of a monthly digest: 20 lists with 500 papers a day in all. Compares a new container with snapshots, the same one
 * at the next batch, and a window that is built from the papers. Returns whether all have the same papers.
 */
export async function runWindowBench(print: (line: string) => void): Promise<boolean> {
  const stored = storeSnapshots(await readRecordedPapers());
  const listDays = createListDayCache({
    snapshots: stored.reader,
    papers: { loadMany: () => Promise.reject(new Error('a paper was read from the table')) },
    listings: { load: () => Promise.reject(new Error('a listing was read from the table')) },
    clock: createManualClock(NOW),
    telemetry: { error: () => {}, count: () => {} },
  });
  const load = async () =>
    openParts((await Promise.all(LISTS.map((list) => listDays.load(list, DAYS[0] ?? LAST, LAST)))).flat());

  const cold = await measure(load);
  const warm = await measure(load);
  const rebuilt = await measure(async () =>
    openParts(stored.listDays.map((listDay) => toListDayPapers(listDay, stored.papersOf(listDay)))),
  );
  const row = (name: string, { cpuMs, wallMs, bytes, papers }: Measured) => [
    ...[name, papers.toLocaleString('en'), `${cpuMs.toFixed(0)} ms`, `${wallMs.toFixed(0)} ms`],
    `${(bytes / 1e6).toFixed(0)} MB`,
  ];
  print(
    `${LISTS.length} lists, ${DAYS.length} days. Snapshots: ${(stored.bytes / 1e6).toFixed(1)} MB, of them votes ${(stored.voteBytes / 1e6).toFixed(1)} MB`,
  );
  print(
    tableOf(
      ['Window', 'Papers', 'Processor time', 'Time', 'Memory that stays'],
      [
        row('from snapshots, new container', cold),
        row('from snapshots, next batch', warm),
        row('built from the papers, without reading them', rebuilt),
      ],
    ),
  );
  return cold.papers === stored.count && warm.papers === stored.count && rebuilt.papers === stored.count;
}

/** Opens the window, and uses it once, so that everything lazy is done. */
function openParts(parts: readonly ListDayPapers[]) {
  const window = openWindow(parts);
  const words = { kind: 'all' } as const;
  window.select({ query: words, lists: LISTS, limit: 10 });
  return { window, parts };
}

interface Measured {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly bytes: number;
  readonly papers: number;
}

async function measure(work: () => Promise<ReturnType<typeof openParts>>): Promise<Measured> {
  collectGarbage();
  const before = process.memoryUsage();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const opened = await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  collectGarbage();
  const after = process.memoryUsage();
  const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
  return { cpuMs: (user + system) / 1000, wallMs, bytes, papers: opened.window.papers.length };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Makes papers of the words of real ones, and their snapshots as ingest would store them. */
function storeSnapshots(recorded: readonly Paper[]) {
  const random = createRandom(1);
  const pick = () => recorded[Math.floor(random() * recorded.length)] ?? fail();
  const headers = new Map<string, SnapshotHeader[]>();
  const parts = new Map<string, Uint8Array>();
  const papersByListDay = new Map<string, readonly Paper[]>();
  const listDays: ListDay[] = [];
  let count = 0;
  let voteBytes = 0;
  for (const list of LISTS) {
    const ofList: SnapshotHeader[] = [];
    for (const day of DAYS) {
      const papers = inOrder(
        Array.from({ length: PAPERS_A_DAY / LISTS.length }, () => {
          count += 1;
          return mixPaper(`2601.${10_000 + count}`, pick(), pick(), `${day}T08:00:00.000Z`);
        }),
      );
      const name = listDayKeyOf({ list, day });
      const state = sealState(toSnapshotState(papers));
      voteBytes += state.byteLength;
      parts.set(name, sealTexts(papers));
      papersByListDay.set(name, papers);
      listDays.push({ list, day });
      ofList.push({
        kind: 'snapshot',
        list,
        day,
        version: name,
        writtenAt: NOW,
        text: { kind: 'parts', name, parts: 1 },
        state: { kind: 'inline', bytes: state },
      });
    }
    headers.set(list, ofList);
  }
  const reader: SnapshotReader = {
    loadHeaders: async (list) => headers.get(list) ?? [],
    loadParts: async (wanted) =>
      new Map(
        wanted.flatMap(({ stored }) => {
          const part = stored.kind === 'parts' ? parts.get(stored.name) : undefined;
          // A copy, as if it came over the network.
          return stored.kind === 'parts' && part ? [[stored.name, Uint8Array.from(part)] as const] : [];
        }),
      ),
  };
  const textBytes = [...parts.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const papersOf = (listDay: ListDay) => papersByListDay.get(listDayKeyOf(listDay)) ?? [];
  return { reader, listDays, papersOf, count, bytes: textBytes + voteBytes, voteBytes };
}

/** The title and authors of one paper, and every other sentence of two abstracts. So texts repeat no more than real ones do. */
function mixPaper(id: string, one: Paper, other: Paper, seenAt: string): Paper {
  const [a, b] = [one, other].map(({ abstract }) => abstract.split('. '));
  const sentences = (a ?? []).map((sentence, nth) => (nth % 2 === 0 ? sentence : (b?.[nth] ?? sentence)));
  const voteCounts = one.voteCounts.map((count) => ({ ...count, at: seenAt }));
  return { ...one, id, abstract: sentences.join('. '), firstSeenAt: seenAt, voteCounts };
}

function fail(): never {
  throw new Error('there are no recorded papers');
}
