import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { findArxivCategory } from '../../shared/domain/arxiv-names.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { PaperFacts } from '../../shared/domain/paper.ts';
import { addDays, addMs, type Day, type Instant, MS_PER_HOUR } from '../../shared/domain/time.ts';
import { parseFeed } from '../../shared/sources/arxiv/announcement-feed.ts';
import { parseOai } from '../../shared/sources/arxiv/oai.ts';
import { toListingDay } from '../../shared/sources/arxiv/plan-reading.ts';
import { parseQueryAnswer } from '../../shared/sources/arxiv/query-api.ts';
import { listRecordedFiles } from '../recorded-files.ts';
import { type Announcement, type ArxivPaper, arxivDayOf } from './archive.ts';

/** Announcements of one day. */
export interface RecordedBatch {
  readonly day: Day;
  /** The categories that were recorded. Their papers may be in others, too. */
  readonly categories: readonly string[];
  readonly announcements: readonly Announcement[];
}

/** What a folder of recorded answers holds. */
export interface ArxivReplay {
  /** Oldest first. */
  readonly batches: readonly RecordedBatch[];
  /** Papers that only the query API named. */
  readonly papers: readonly ArxivPaper[];
}

const DERIVED = /^feed_(?<category>.+)_derived_\d{4}-\d{2}-\d{2}\.json$/;
const FEED = /^(?:rss|atom)_.+\.xml$/;
const OAI = /^oai_.+\.xml$/;
const QUERY = /^api_.+\.(?:xml|json)$/;

const EXPECTED =
  'expected files named like "feed_cs.CV_derived_2026-04-21.json", "rss_cs_AI_2026-04.xml" or "oai_arXivRaw_page1.xml"';

/** Returns whether a folder has recorded batches of arXiv. */
export function hasArxivReplay(folder: string): boolean {
  return listRecordedFiles(folder, EXPECTED).some((file) =>
    [DERIVED, FEED, OAI].some((name) => name.test(file)),
  );
}

/**
 * Reads the recorded answers of arXiv in a folder. Other files are ignored.
 *
 * - `feed_<category>_derived_<day>.json` is a batch of a category.
 * - `rss_….xml` and `atom_….xml` are feeds of announcements. They name their category and day.
 * - `oai_….xml` are answers of OAI-PMH. A paper is in the batch that followed its submission. Recorded errors have no papers.
 * - `api_….xml` and `api_….json` are answers of the query API. In JSON, the answer is the text `body`.
 *
 * @throws InvalidInputError for a folder without batches, or a recording that cannot be read
 */
export function readArxivReplay(folder: string): ArxivReplay {
  if (!hasArxivReplay(folder))
    throw new InvalidInputError(`No recording of arXiv in "${folder}": ${EXPECTED}`);
  const files = listRecordedFiles(folder, EXPECTED);
  const readAll = <Found>(name: RegExp, read: (path: string, file: string) => readonly Found[]) =>
    files.filter((file) => name.test(file)).flatMap((file) => read(join(folder, file), file));
  const batches = [...readAll(DERIVED, readDerived), ...readAll(FEED, readFeed), ...readAll(OAI, readOai)];
  return { batches: batches.sort((a, b) => (a.day < b.day ? -1 : 1)), papers: readAll(QUERY, readQuery) };
}

/** Returns the batches of the days up to `last`, at most `days` days before it. */
export function batchesUpTo(
  batches: readonly RecordedBatch[],
  last: Day,
  days: number,
): readonly RecordedBatch[] {
  return batches.filter(({ day }) => day <= last && day >= addDays(last, -days));
}

const derivedSchema = z.object({
  date: z.iso.date(),
  papers: z.array(
    z.object({
      arxiv_id: z.string(),
      title: z.string(),
      abstract: z.string(),
      authors: z.array(z.string()),
      comment: z.string().nullish(),
      categories: z.tuple([z.string()], z.string()),
      announce_type: z.enum(['new', 'cross', 'replace', 'replace-cross']),
    }),
  ),
});

type DerivedPaper = z.infer<typeof derivedSchema>['papers'][number];

function readDerived(path: string, file: string): readonly RecordedBatch[] {
  const { date: day, papers } = parseJson(path, derivedSchema);
  const categories = toCategories([DERIVED.exec(file)?.groups?.category ?? '']);
  return [{ day, categories, announcements: papers.map((paper) => toAnnouncement(paper, day)) }];
}

/** The recordings have neither versions nor the times when they were submitted. */
function toAnnouncement(paper: DerivedPaper, day: Day): Announcement {
  const submittedAt = `${addDays(day, -1)}T12:00:00.000Z`;
  const { arxiv_id: id, title, abstract, authors, categories, comment } = paper;
  const isReplaced = paper.announce_type.startsWith('replace');
  return {
    paper: {
      ...{ id, title, abstract, authors, categories },
      comments: comment ?? undefined,
      versions: isReplaced ? [`${addDays(day, -30)}T12:00:00.000Z`, submittedAt] : [submittedAt],
    },
    action: isReplaced ? 'replace' : paper.announce_type === 'cross' ? 'cross' : 'new',
  };
}

function readFeed(path: string): readonly RecordedBatch[] {
  const body = readFileSync(path, 'utf8');
  const { items, rejections, fault } = parseFeed({ status: 200, body });
  const [, topics = ''] = /<title>([^<]+) updates on arXiv\.org<\/title>/.exec(body) ?? [];
  const announcedAt = items.find((item) => item.announcedAt !== undefined)?.announcedAt;
  const problem = fault?.what ?? (announcedAt === undefined ? 'it has no item with a date' : undefined);
  if (problem !== undefined || announcedAt === undefined || rejections.length > 0)
    throw unreadable(path, problem ?? rejections[0]?.reason);
  const announcements = items.map(
    ({ facts, type }): Announcement => ({
      paper: toPaper(facts, addMs(announcedAt, -16 * MS_PER_HOUR)),
      action: type === 'cross' ? 'cross' : type === 'new' ? 'new' : 'replace',
    }),
  );
  return [{ day: arxivDayOf(announcedAt), categories: toCategories(topics.split(', ')), announcements }];
}

function readOai(path: string): readonly RecordedBatch[] {
  const { records, rejections, fault } = parseOai({ status: 200, body: readFileSync(path, 'utf8') });
  if (fault?.kind === 'unusable' || fault?.kind === 'cut' || rejections.length > 0)
    throw unreadable(path, fault?.what ?? rejections[0]?.reason);
  return records.flatMap(({ facts, submittedAt }) => {
    const day = submittedAt && toListingDay(submittedAt);
    if (!day) return [];
    const announcements: readonly Announcement[] = [{ paper: toPaper(facts, submittedAt), action: 'new' }];
    return { day, announcements, categories: toCategories(facts.categories?.slice(0, 1) ?? []) };
  });
}

const wrappedSchema = z.object({ body: z.string() });

function readQuery(path: string): readonly ArxivPaper[] {
  const body = path.endsWith('.json') ? parseJson(path, wrappedSchema).body : readFileSync(path, 'utf8');
  // A recorded error has no papers.
  return parseQueryAnswer({ status: 200, body }).papers.flatMap((facts) =>
    facts.versionAt === undefined ? [] : [toPaper(facts, facts.versionAt)],
  );
}

function parseJson<Parsed>(path: string, schema: z.ZodType<Parsed>): Parsed {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw unreadable(path, 'it is not the JSON that is expected', cause);
  }
}

/** @param submittedAt when the newest version was submitted */
function toPaper(facts: PaperFacts, submittedAt: Instant): ArxivPaper {
  const { id, title, abstract = '', authors = [], categories: [primary = '', ...others] = [] } = facts;
  // Earlier versions are in no feed, so their times only have to be earlier.
  const earlier = Array.from({ length: (facts.version ?? 1) - 1 }, () =>
    addMs(submittedAt, -24 * MS_PER_HOUR),
  );
  const versions: readonly Instant[] = [...earlier, submittedAt];
  const [first = submittedAt, ...later] = versions;
  return {
    ...{ id, title, abstract, authors, categories: [primary, ...others], versions: [first, ...later] },
    ...{
      comments: facts.note,
      doi: facts.doi,
      journalReference: facts.journalReference,
      licence: facts.licenceUrl,
    },
  };
}

function toCategories(topics: readonly string[]): readonly string[] {
  return topics.flatMap((topic) => findArxivCategory(topic)?.id ?? []);
}

function unreadable(path: string, why: string | undefined, cause?: unknown): InvalidInputError {
  return new InvalidInputError(`The recording "${path}" cannot be replayed: ${why}`, { cause });
}
