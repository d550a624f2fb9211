import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { addDays, type Day, utcDayOf } from '../../shared/domain/time.ts';
import type { Announcement } from './archive.ts';
import type { ArxivModel, ArxivModelOptions } from './arxiv.ts';

/** What a folder of recorded answers holds. */
export interface ArxivRecordings {
  /** The announcements of each day, from `feed_<category>_derived_<day>.json`. */
  readonly batches: ReadonlyMap<Day, readonly Announcement[]>;
  /** Serves the files `<format>_<category>_<month>.xml` byte by byte, on the day that they name inside. */
  readonly recordedFeed: NonNullable<ArxivModelOptions['recordedFeed']>;
}

const DERIVED = /^feed_.+_derived_\d{4}-\d{2}-\d{2}\.json$/;
const RAW = /^(rss|atom)_.+\.xml$/;

const paperSchema = z.object({
  arxiv_id: z.string(),
  title: z.string(),
  abstract: z.string(),
  authors: z.array(z.string()),
  comment: z.string().nullish(),
  categories: z.tuple([z.string()], z.string()),
  announce_type: z.enum(['new', 'cross', 'replace', 'replace-cross']),
});

const derivedSchema = z.object({ date: z.iso.date(), papers: z.array(paperSchema) });

/**
 * Reads a folder of recorded answers of arXiv. Other files are ignored.
 *
 * @throws InvalidInputError if the folder has no recording, or one that cannot be read
 */
export function readArxivRecordings(folder: string): ArxivRecordings {
  const files = listFiles(folder);
  const batches = new Map<Day, readonly Announcement[]>();
  for (const file of files.filter((name) => DERIVED.test(name))) {
    const { date, papers } = parseDerived(join(folder, file));
    batches.set(date, [...(batches.get(date) ?? []), ...papers.map((paper) => toAnnouncement(paper, date))]);
  }
  const feeds = files.filter((name) => RAW.test(name)).map((name) => readRaw(join(folder, name), name));
  if (batches.size === 0 && feeds.length === 0)
    throw new InvalidInputError(
      `no recording of arXiv in "${folder}": expected files named like "feed_cs.CV_derived_2026-04-21.json" or "rss_cs_AI_2026-04.xml"`,
    );
  return {
    batches,
    recordedFeed: (format, query, day) =>
      feeds.find((feed) => feed.format === format && feed.query === query && feed.day === day)?.body,
  };
}

/** Announces all recorded batches. */
export function announceRecordings(
  { announce }: Pick<ArxivModel, 'announce'>,
  { batches }: ArxivRecordings,
): void {
  for (const [day, announcements] of batches) announce(day, announcements);
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new InvalidInputError(`cannot list the recordings in "${folder}"`, { cause });
  }
}

function parseDerived(path: string): z.infer<typeof derivedSchema> {
  try {
    return derivedSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new InvalidInputError(`the recording "${path}" cannot be replayed`, { cause });
  }
}

/** The recordings have neither versions nor the times when they were submitted. */
function toAnnouncement(paper: z.infer<typeof paperSchema>, day: Day): Announcement {
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

interface RawFeed {
  readonly format: string;
  /** What was asked for: `cs.AI`. */
  readonly query: string;
  readonly day: Day;
  readonly body: string;
}

function readRaw(path: string, file: string): RawFeed {
  const body = readFileSync(path, 'utf8');
  const [, query] = /<title>([^<]+) updates on arXiv\.org<\/title>/.exec(body) ?? [];
  const [, date] = /<(?:pubDate|updated)>([^<]+)</.exec(body) ?? [];
  const at = Date.parse(date ?? '');
  if (query === undefined || Number.isNaN(at))
    throw new InvalidInputError(`the recording "${path}" cannot be replayed: it has no title or date`);
  // Midnight in New York is on the same day in UTC.
  const day = utcDayOf(new Date(at).toISOString());
  return { format: RAW.exec(file)?.[1] ?? '', query: query.replaceAll(', ', '+'), day, body };
}
