import { Temporal } from 'temporal-polyfill';
import { addDays, type Day, type Instant, localDayOf, toInstant } from '../../shared/domain/time/time.ts';

/** A paper as arXiv shows it at one instant. */
export interface ArxivPaper {
  /** Without a version: `2611.00001`, `hep-th/9901001`. */
  readonly id: string;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  /** The first one is the primary category. */
  readonly categories: readonly [string, ...string[]];
  /** When each version was submitted, oldest first. */
  readonly versions: readonly [Instant, ...Instant[]];
  readonly comments?: string | undefined;
  readonly doi?: string | undefined;
  readonly journalReference?: string | undefined;
  /** The address of the licence. @default arXiv's own */
  readonly licence?: string | undefined;
}

/** What a batch does with a paper. `absonly` changes metadata: OAI-PMH reports it and no feed does. */
type Action = 'new' | 'cross' | 'replace' | 'absonly';

export interface Announcement {
  readonly paper: ArxivPaper;
  readonly action: Action;
}

/** The type of an item in a feed. */
type AnnounceType = 'new' | 'cross' | 'replace' | 'replace-cross';

export interface FeedItem {
  readonly paper: ArxivPaper;
  readonly type: AnnounceType;
}

/** A paper that was announced or changed, with the day of that batch. */
export interface DatedPaper {
  readonly paper: ArxivPaper;
  readonly day: Day;
}

/** All papers by the days of their batches. */
export interface Archive {
  /** Adds papers to the batch of a day. A day without a batch has empty feeds. */
  announce(day: Day, announcements: readonly Announcement[]): void;
  /** Adds papers that no batch names, such as those of years ago. */
  add(papers: readonly ArxivPaper[]): void;
  /**
   * Returns the items that the feed of the topics shows on a day. They are of the day's batch, or of the batch before for a late
   * category. A topic is a category or a whole archive: `cs.CL`, `cs`. A paper appears once, with the first type that fits.
   */
  itemsOf(day: Day, topics: readonly string[], isLate: (category: string) => boolean): readonly FeedItem[];
  /** Returns the papers that OAI-PMH has at an instant, each with its newest change, by day and id. */
  recordsAt(now: Instant): readonly DatedPaper[];
  /** Returns a paper as of an instant. Undefined before it is announced. */
  find(id: string, now: Instant): ArxivPaper | undefined;
}

const ARXIV_ZONE = 'America/New_York';

/** arXiv announces a batch at 20:00 on the evening before its day. OAI-PMH has it at 22:30, and the feeds from midnight on. */
const ANNOUNCED_AT = '20:00:00';
const HARVESTED_FROM = '22:30:00';

const TYPES: readonly AnnounceType[] = ['new', 'cross', 'replace', 'replace-cross'];

/** Replacements of this version and later ones are in no feed. */
const FIRST_UNLISTED_VERSION = 6;

export function createArchive(): Archive {
  const batches = new Map<Day, readonly Announcement[]>();
  const others = new Map<string, ArxivPaper>();
  const days = () => [...batches.keys()].sort();

  const newestAt = (time: string, now: Instant): ReadonlyMap<string, DatedPaper> =>
    new Map(
      days()
        .filter((day) => eveningBefore(day, time) <= now)
        .flatMap((day) => (batches.get(day) ?? []).map(({ paper }) => [paper.id, { paper, day }] as const)),
    );

  return {
    announce(day, announcements) {
      batches.set(day, [...(batches.get(day) ?? []), ...announcements]);
    },

    add(papers) {
      for (const paper of papers) others.set(paper.id, paper);
    },

    itemsOf(day, topics, isLate) {
      const today = batches.get(day);
      // A day without a batch has an empty feed, which is never late.
      if (!today) return [];
      const before = batches.get(days().findLast((other) => other < day) ?? '');
      const isAsked = (category: string) =>
        topics.some((topic) => category === topic || category.startsWith(`${topic}.`));
      const items = [
        ...toItems(today, (category) => isAsked(category) && !isLate(category)),
        ...toItems(before ?? [], (category) => isAsked(category) && isLate(category)),
      ].sort((a, b) => rankOf(a) - rankOf(b) || (a.paper.id < b.paper.id ? 1 : -1));
      const seen = new Set<string>();
      return items.filter(({ paper: { id } }) => seen.size < seen.add(id).size);
    },

    recordsAt: (now) =>
      [...newestAt(HARVESTED_FROM, now).values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),

    find: (id, now) => newestAt(ANNOUNCED_AT, now).get(id)?.paper ?? others.get(id),
  };
}

function toItems(
  batch: readonly Announcement[],
  isShown: (category: string) => boolean,
): readonly FeedItem[] {
  return batch.flatMap(({ paper, action }): readonly FeedItem[] => {
    if (!paper.categories.some(isShown)) return [];
    const isPrimary = isShown(paper.categories[0]);
    switch (action) {
      case 'new':
        return [{ paper, type: isPrimary ? 'new' : 'cross' }];
      case 'cross':
        return [{ paper, type: 'cross' }];
      case 'replace':
        if (paper.versions.length >= FIRST_UNLISTED_VERSION) return [];
        return [{ paper, type: isPrimary ? 'replace' : 'replace-cross' }];
      case 'absonly':
        return [];
      default:
        return action satisfies never;
    }
  });
}

function rankOf({ type }: FeedItem): number {
  return TYPES.indexOf(type);
}

function keyOf({ day, paper }: DatedPaper): string {
  return `${day} ${paper.id}`;
}

/** Returns an instant on the evening before a day, as the clocks of arXiv show it. */
function eveningBefore(day: Day, time: string): Instant {
  return atArxiv(addDays(day, -1), time);
}

/** Returns the instant of a local time at arXiv: `atArxiv('2026-11-02', '00:00:00')`. */
export function atArxiv(day: Day, time: string): Instant {
  return toInstant(
    Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(ARXIV_ZONE).epochMilliseconds,
  );
}

/** Returns the day at arXiv, which begins at midnight in New York. */
export function arxivDayOf(now: Instant): Day {
  return localDayOf(now, ARXIV_ZONE);
}
