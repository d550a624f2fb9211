import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findArxivCategory } from '../../shared/domain/arxiv-names.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { PaperFacts } from '../../shared/domain/paper.ts';
import { addDays, addMs, type Day, type Instant, MS_PER_HOUR } from '../../shared/domain/time.ts';
import { parseFeed } from '../../shared/sources/arxiv/announcement-feed.ts';
import { parseOai } from '../../shared/sources/arxiv/oai.ts';
import { toBatchDay } from '../../shared/sources/arxiv/plan-reading.ts';
import { type Announcement, arxivDayOf } from './archive.ts';
import { readArxivRecordings } from './recordings.ts';

/** Announcements of one day. */
export interface RecordedBatch {
  readonly day: Day;
  /** The categories that were recorded. Their papers may be in others, too. */
  readonly categories: readonly string[];
  readonly announcements: readonly Announcement[];
}

const DERIVED = /^feed_(?<category>.+)_derived_(?<day>\d{4}-\d{2}-\d{2})\.json$/;
const FEED = /^(?:rss|atom)_.+\.xml$/;
const OAI = /^oai_.+\.xml$/;

const EXPECTED =
  'expected files named like "feed_cs.CV_derived_2026-04-21.json", "rss_cs_AI_2026-04.xml" or "oai_arXivRaw_page1.xml"';

/** Returns whether a folder has recorded answers of arXiv. */
export function hasArxivRecordings(folder: string): boolean {
  return listFiles(folder).some((file) => [DERIVED, FEED, OAI].some((name) => name.test(file)));
}

/**
 * Reads the recorded answers of arXiv in a folder as batches, oldest first. Other files are ignored.
 *
 * - `feed_<category>_derived_<day>.json` is a batch of a category.
 * - `rss_….xml` and `atom_….xml` are feeds of announcements. They name their category and day.
 * - `oai_….xml` are answers of OAI-PMH. A paper is in the batch that followed its submission. Recorded errors have no papers.
 *
 * @throws InvalidInputError for a folder without recordings, or a recording that cannot be read
 */
export function readArxivReplay(folder: string): readonly RecordedBatch[] {
  const files = listFiles(folder);
  if (!hasArxivRecordings(folder))
    throw new InvalidInputError(`no recording of arXiv in "${folder}": ${EXPECTED}`);
  return [
    ...readDerived(folder, files),
    ...files.filter((file) => FEED.test(file)).map((file) => readFeed(join(folder, file))),
    ...files.filter((file) => OAI.test(file)).flatMap((file) => readOai(join(folder, file))),
  ].sort((a, b) => (a.day < b.day ? -1 : 1));
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new InvalidInputError(`cannot list the recordings in "${folder}": ${EXPECTED}`, { cause });
  }
}

function readDerived(folder: string, files: readonly string[]): readonly RecordedBatch[] {
  const names = files.map((file) => DERIVED.exec(file)?.groups).filter((groups) => groups !== undefined);
  if (names.length === 0) return [];
  const { batches } = readArxivRecordings(folder);
  return [...batches].map(([day, announcements]) => ({
    day,
    announcements,
    categories: names.flatMap((name) => (name.day === day ? toCategories([name.category ?? '']) : [])),
  }));
}

function readFeed(path: string): RecordedBatch {
  const body = readFileSync(path, 'utf8');
  const { items, rejections, fault } = parseFeed({ status: 200, body });
  const [, topics = ''] = /<title>([^<]+) updates on arXiv\.org<\/title>/.exec(body) ?? [];
  const announcedAt = items.find((item) => item.announcedAt !== undefined)?.announcedAt;
  const problem = fault?.what ?? (announcedAt === undefined ? 'it has no item with a date' : undefined);
  if (problem !== undefined || announcedAt === undefined || rejections.length > 0)
    throw unreadable(path, problem ?? rejections[0]?.reason);
  return {
    day: arxivDayOf(announcedAt),
    categories: toCategories(topics.split(', ')),
    announcements: items.map(({ facts, type }) => ({
      paper: toPaper(facts, addMs(announcedAt, -16 * MS_PER_HOUR)),
      action: type === 'cross' ? 'cross' : type === 'new' ? 'new' : 'replace',
    })),
  };
}

function readOai(path: string): readonly RecordedBatch[] {
  const { records, rejections, fault } = parseOai({ status: 200, body: readFileSync(path, 'utf8') });
  if (fault?.kind === 'unusable' || fault?.kind === 'cut' || rejections.length > 0)
    throw unreadable(path, fault?.what ?? rejections[0]?.reason);
  return records.flatMap(({ facts, submittedAt }) => {
    const day = submittedAt && toBatchDay(submittedAt);
    if (!day) return [];
    const announcements: readonly Announcement[] = [{ paper: toPaper(facts, submittedAt), action: 'new' }];
    return { day, announcements, categories: toCategories(facts.categories?.slice(0, 1) ?? []) };
  });
}

function toPaper(facts: PaperFacts, submittedAt: Instant): Announcement['paper'] {
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

function unreadable(path: string, why: string | undefined): InvalidInputError {
  return new InvalidInputError(`the recording "${path}" cannot be replayed: ${why}`);
}

/** Returns the batches of the days up to `last`, at most `days` days before it. */
export function batchesUpTo(
  batches: readonly RecordedBatch[],
  last: Day,
  days: number,
): readonly RecordedBatch[] {
  return batches.filter(({ day }) => day <= last && day >= addDays(last, -days));
}
