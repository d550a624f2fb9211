import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sources } from '../../shared/domain/lists/lists.ts';
import { mergePaper } from '../../shared/domain/papers/merge-paper.ts';
import type { Paper, PaperFacts, PaperId } from '../../shared/domain/papers/paper.ts';
import { readInstant } from '../../shared/domain/time/iso-time.ts';
import {
  addMs,
  type Day,
  type Instant,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  toEpochMs,
  toInstant,
} from '../../shared/domain/time/time.ts';
import { hfItemSchema } from '../../shared/sources/hf-daily/hf-item-schema.ts';
import { parseHfPage } from '../../shared/sources/hf-daily/hf-page.ts';

/** A paper as Broadsheet knew it at one snapshot, and what became of it. */
export interface Candidate {
  readonly paper: Paper;
  /** When it was ranked. */
  readonly now: Instant;
  /** How many papers the list had then. */
  readonly listSize: number;
  /** Its votes in the last snapshot of the day. */
  readonly finalVotes: number;
}

/** A day whose list was recorded twice or more. */
export interface RecordedDay {
  readonly day: Day;
  /** The papers of the first snapshot. */
  readonly atFirstSight: readonly Candidate[];
  /** The same papers, with a drawn history since they were first seen. */
  readonly atFirstSightDrawn: readonly Candidate[];
  /** The papers of the second snapshot, with the first one as their only history. Empty if there are only two snapshots. */
  readonly atSecondSight: readonly Candidate[];
  /** The same papers, with a drawn history. */
  readonly atSecondSightDrawn: readonly Candidate[];
  /** Papers of the first snapshot that the last one lacks, so their final votes are unknown. */
  readonly lost: number;
}

/** The days of a folder, and what could not be read. */
export interface Recordings {
  readonly days: readonly RecordedDay[];
  readonly problems: readonly string[];
}

/** One recorded answer. */
interface Snapshot {
  readonly at: Instant;
  readonly facts: ReadonlyMap<PaperId, PaperFacts>;
  /** When each paper was submitted to the list, if the answer says it to the second. */
  readonly submittedAt: ReadonlyMap<PaperId, Instant>;
}

/** `2026-01-05.at-2026-01-05T0754Z.json`: the day of the list, and when its answer was recorded. */
const FILE_NAME = /^(\d{4}-\d{2}-\d{2})\.at-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})Z\.json$/;

/** Reads the recorded answers in a folder. A file that cannot be read is named in `problems`, and its day goes on without it. */
export async function readRecordings(folder: string): Promise<Recordings> {
  const snapshots = new Map<Day, Snapshot[]>();
  const problems: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const [, day, date, hour, minute] = FILE_NAME.exec(name) ?? [];
    if (day === undefined) continue;
    const at = readInstant(`${date}T${hour}:${minute}:00Z`);
    const read = at && parseSnapshot(await readFile(join(folder, name), 'utf8'), day, at);
    if (!read) problems.push(`${name}: the name has no valid time`);
    else if ('problem' in read) problems.push(`${name}: ${read.problem}`);
    else snapshots.set(day, [...(snapshots.get(day) ?? []), read]);
  }
  const days = [...snapshots].flatMap(([day, ofDay]) => toRecordedDay(day, ofDay) ?? []);
  return { days, problems };
}

function parseSnapshot(body: string, askedDay: Day, at: Instant): Snapshot | { readonly problem: string } {
  const { items, problem } = parseHfPage({ status: 200, body }, { askedDay, now: at, seenIds: new Set() });
  if (problem !== undefined) return { problem };
  const raw: readonly unknown[] = items.length > 0 ? JSON.parse(body) : [];
  const submittedAt = raw.flatMap((item) => {
    const { id = '', submittedOnDailyAt } = hfItemSchema.safeParse(item).data?.paper ?? {};
    const submitted = readInstant(submittedOnDailyAt);
    return submitted && !isMidnight(submitted) ? [[id, submitted] as const] : [];
  });
  return {
    at,
    facts: new Map(items.map(({ facts }) => [facts.id, facts])),
    submittedAt: new Map(submittedAt),
  };
}

/** Since May 2026 the source cuts the time of a submission to midnight. */
function isMidnight(at: Instant): boolean {
  return at.endsWith('T00:00:00.000Z');
}

function toRecordedDay(day: Day, snapshots: readonly Snapshot[]): RecordedDay | undefined {
  const [first, second] = snapshots;
  const last = snapshots.at(-1);
  if (!first || !second || !last) return undefined;
  const isKnownLater = (id: PaperId) => last.facts.get(id)?.upvotes !== undefined;
  const atFirstSight = toCandidates([first], last);
  const atSecondSight = second === last ? [] : toCandidates([first, second], last);
  return {
    day,
    atFirstSight,
    atFirstSightDrawn: atFirstSight.map((one) => drawHistory(one, [])),
    atSecondSight,
    atSecondSightDrawn: atSecondSight.map((one) => drawHistory(one, one.paper.voteCounts.slice(0, -1))),
    lost: [...first.facts.keys()].filter((id) => !isKnownLater(id)).length,
  };
}

/** Returns the papers of the newest of these snapshots as Broadsheet knew them then, if the last snapshot has their votes. */
function toCandidates(snapshots: readonly Snapshot[], last: Snapshot): readonly Candidate[] {
  const newest = snapshots.at(-1);
  if (!newest) return [];
  return [...newest.facts.keys()].flatMap((id) => {
    const finalVotes = last.facts.get(id)?.upvotes;
    const paper = snapshots.reduce<Paper | undefined>((known, { facts, at }) => {
      const said = facts.get(id);
      return said ? mergePaper(known, said, at) : known;
    }, undefined);
    if (finalVotes === undefined || !paper) return [];
    const submittedAt = newest.submittedAt.get(id);
    const firstSeenAt = submittedAt ? earlier(nextRead(submittedAt), paper.firstSeenAt) : paper.firstSeenAt;
    return { paper: { ...paper, firstSeenAt }, now: newest.at, listSize: newest.facts.size, finalVotes };
  });
}

/**
 * Returns a candidate with the snapshots that the table would hold if votes had come evenly. They go from one vote at first to the
 * numbers in `known`, at the reads of every quarter of an hour. What happened in between was not recorded.
 */
function drawHistory({ paper, ...one }: Candidate, known: Paper['voteCounts']): Candidate {
  const { upvotes, comments, firstSeenAt } = paper;
  const later = [...known, { at: one.now, upvotes, comments }].filter(({ at }) => at > firstSeenAt);
  const points = [{ at: firstSeenAt, upvotes: Math.min(1, upvotes), comments: 0 }, ...later];
  const named = { source: 'hf-daily', id: paper.id, title: paper.title };
  let drawn: Paper = { ...paper, upvotes: Math.min(1, upvotes), comments: 0, voteCounts: [] };
  for (const [n, to] of points.entries()) {
    const from = points[n - 1] ?? to;
    const lasting = toEpochMs(to.at) - toEpochMs(from.at);
    for (let at = nextRead(from.at); at < to.at; at = nextRead(addMs(at, MS_PER_MINUTE))) {
      const share = (toEpochMs(at) - toEpochMs(from.at)) / lasting;
      const votes = from.upvotes + Math.floor(share * (to.upvotes - from.upvotes));
      drawn = mergePaper(drawn, { ...named, upvotes: votes, comments: from.comments }, at);
    }
    drawn = mergePaper(drawn, { ...named, upvotes: to.upvotes, comments: to.comments }, to.at);
  }
  return { ...one, paper: drawn };
}

/** Returns the next time, at or after a time, at which Broadsheet reads the list. It reads at fixed minutes of every hour. */
function nextRead(at: Instant): Instant {
  const hourMs = Math.floor(toEpochMs(at) / MS_PER_HOUR) * MS_PER_HOUR;
  const reads = [0, 1].flatMap((hours) =>
    sources['hf-daily'].minutes.map((minute) => hourMs + hours * MS_PER_HOUR + minute * MS_PER_MINUTE),
  );
  return toInstant(reads.find((read) => read >= toEpochMs(at)) ?? toEpochMs(at));
}

function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other;
}
