import { join } from 'node:path';
import * as z from 'zod';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { findArxivCategory } from '../../shared/domain/lists/arxiv-names.ts';
import { arxivIdSchema, type PaperFacts } from '../../shared/domain/papers/paper.ts';
import { addDays, addMs, type Day, type Instant, MS_PER_HOUR } from '../../shared/domain/time/time.ts';
import { daySchema } from '../../shared/domain/time/time-schemas.ts';
import type { NamedItem } from '../../shared/pipeline/ingest.ts';
import { parseFeed } from '../../shared/sources/arxiv/announcement-feed.ts';
import { toListingDay } from '../../shared/sources/arxiv/batch-days.ts';
import { parseOai } from '../../shared/sources/arxiv/oai.ts';
import { parseQueryAnswer } from '../../shared/sources/arxiv/query-api.ts';
import type { ItemNote } from '../../shared/sources/source.ts';
import { listRecordedFiles, parseJson, readRecordedFile, toReplayProblem } from '../recorded-files.ts';
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
  /** Items that could not be read. `asked` is the name of the recording. */
  readonly rejections: readonly NamedItem[];
  /** Recordings that are broken or cut, one line each. The complete items of a cut feed are kept. */
  readonly problems: readonly string[];
}

/** What one recording holds. */
interface Reading<Found> {
  readonly found: readonly Found[];
  readonly rejections?: readonly ItemNote[];
  /** Why it cannot be read, or where it is cut. */
  readonly problem?: string | undefined;
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
 * A bad item costs itself, and a broken recording costs itself.
 *
 * @throws InvalidInputError for a folder without recordings of arXiv
 */
export function readArxivReplay(folder: string): ArxivReplay {
  if (!hasArxivReplay(folder))
    throw new InvalidInputError(`No recording of arXiv in "${folder}": ${EXPECTED}`);
  const files = listRecordedFiles(folder, EXPECTED);
  const rejections: NamedItem[] = [];
  const problems: string[] = [];
  const readAll = <Found>(name: RegExp, read: (body: string, file: string) => Reading<Found>) =>
    files
      .filter((file) => name.test(file))
      .flatMap((file) => {
        const path = join(folder, file);
        const reading = readRecording(path, (body) => read(body, file));
        rejections.push(...(reading.rejections ?? []).map((note) => ({ asked: file, ...note })));
        if (reading.problem !== undefined) problems.push(toReplayProblem(path, reading.problem));
        return reading.found;
      });
  const batches = [...readAll(DERIVED, readDerived), ...readAll(FEED, readFeed), ...readAll(OAI, readOai)];
  const papers = readAll(QUERY, parseQueryCached);
  return { batches: batches.sort((a, b) => (a.day < b.day ? -1 : 1)), papers, rejections, problems };
}

function readRecording<Found>(path: string, read: (body: string) => Reading<Found>): Reading<Found> {
  const body = readRecordedFile(path);
  return body.text === undefined ? { found: [], problem: body.problem } : read(body.text);
}

/** Returns the batches of the days up to `last`, at most `days` days before it. */
export function batchesUpTo(
  batches: readonly RecordedBatch[],
  last: Day,
  days: number,
): readonly RecordedBatch[] {
  return batches.filter(({ day }) => day <= last && day >= addDays(last, -days));
}

const derivedSchema = z.object({ date: daySchema, papers: z.array(z.unknown()) });

const derivedPaperSchema = z.object({
  arxiv_id: arxivIdSchema,
  title: z.string(),
  abstract: z.string(),
  authors: z.array(z.string()),
  comment: z.string().nullish(),
  categories: z.tuple([z.string()], z.string()),
  announce_type: z.enum(['new', 'cross', 'replace', 'replace-cross']),
});

type DerivedPaper = z.infer<typeof derivedPaperSchema>;

function readDerived(body: string, file: string): Reading<RecordedBatch> {
  const recorded = derivedSchema.safeParse(parseJson(body)).data;
  if (recorded === undefined) return { found: [], problem: NOT_THE_JSON };
  const { date: day, papers } = recorded;
  const categories = toCategories([DERIVED.exec(file)?.groups?.category ?? '']);
  const announcements: Announcement[] = [];
  const rejections: ItemNote[] = [];
  papers.forEach((item, position) => {
    const { data: paper, error } = derivedPaperSchema.safeParse(item);
    if (paper) announcements.push(toAnnouncement(paper, day));
    else rejections.push({ item: `#${position}`, reason: z.prettifyError(error).replace(/\s*\n\s*/g, ' ') });
  });
  return { found: [{ day, categories, announcements }], rejections };
}

/** The recordings have neither versions nor the times when they were submitted. */
function toAnnouncement(paper: DerivedPaper, day: Day): Announcement {
  const submittedAt = `${addDays(day, -1)}T12:00:00.000Z`;
  const { arxiv_id: id, title, abstract, authors, categories, comment } = paper;
  const isReplaced = paper.announce_type.startsWith('replace');
  return {
    paper: {
      id,
      title,
      abstract,
      authors,
      categories,
      comments: comment ?? undefined,
      versions: isReplaced ? [`${addDays(day, -30)}T12:00:00.000Z`, submittedAt] : [submittedAt],
    },
    action: toAction(paper.announce_type),
  };
}

/** Returns the action of an announcement. The type `replace-cross` is a replacement too. */
function toAction(type: string): Announcement['action'] {
  if (type.startsWith('replace')) return 'replace';
  return type === 'cross' ? 'cross' : 'new';
}

function readFeed(body: string): Reading<RecordedBatch> {
  const { items, rejections, fault } = parseFeed({ status: 200, body });
  const [, topics = ''] = /<title>([^<]+) updates on arXiv\.org<\/title>/.exec(body) ?? [];
  const announcedAt = items.find((item) => item.announcedAt !== undefined)?.announcedAt;
  if (announcedAt === undefined)
    return { found: [], rejections, problem: fault?.what ?? 'it has no item with a date' };
  const announcements = items.map(
    ({ facts, type }): Announcement => ({
      paper: toPaper(facts, addMs(announcedAt, -16 * MS_PER_HOUR)),
      action: toAction(type),
    }),
  );
  const categories = toCategories(topics.split(', '));
  return {
    found: [{ day: arxivDayOf(announcedAt), categories, announcements }],
    rejections,
    problem: fault?.what,
  };
}

function readOai(body: string): Reading<RecordedBatch> {
  const { records, rejections, fault } = parseOai({ status: 200, body });
  const found = records.flatMap(({ facts, submittedAt }): readonly RecordedBatch[] => {
    if (submittedAt === undefined) return [];
    const announcements: readonly Announcement[] = [{ paper: toPaper(facts, submittedAt), action: 'new' }];
    const categories = toCategories(facts.categories?.slice(0, 1) ?? []);
    return [{ day: toListingDay(submittedAt), announcements, categories }];
  });
  // A recorded error has no papers.
  const isBad = fault?.kind === 'unusable' || fault?.kind === 'cut';
  return { found, rejections, problem: isBad ? fault.what : undefined };
}

const wrappedSchema = z.object({ body: z.string() });

function parseQueryCached(text: string, file: string): Reading<ArxivPaper> {
  const body = file.endsWith('.json') ? wrappedSchema.safeParse(parseJson(text)).data?.body : text;
  if (body === undefined) return { found: [], problem: NOT_THE_JSON };
  const { papers, rejections, problem } = parseQueryAnswer({ status: 200, body });
  const found = papers.flatMap((facts) =>
    facts.versionAt === undefined ? [] : [toPaper(facts, facts.versionAt)],
  );
  // A recorded error has no papers.
  return { found, rejections, problem: problem?.startsWith('error: ') ? undefined : problem };
}

const NOT_THE_JSON = 'it is not the JSON that is expected';

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
    id,
    title,
    abstract,
    authors,
    categories: [primary, ...others],
    versions: [first, ...later],
    comments: facts.note,
    doi: facts.doi,
    journalReference: facts.journalReference,
    licence: facts.licenceUrl,
  };
}

function toCategories(topics: readonly string[]): readonly string[] {
  return topics.flatMap((topic) => findArxivCategory(topic)?.id ?? []);
}
