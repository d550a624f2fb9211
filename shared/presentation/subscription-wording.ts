import { type ListId, nameOfList } from '../domain/lists/lists.ts';
import type { Sort } from '../domain/papers/sort.ts';
import type { Cadence } from '../domain/subscribers/cadence.ts';
import type { Subscriber, Subscription } from '../domain/subscribers/subscriber.ts';
import { createMemo } from '../matching/memo.ts';
import { toReaderText } from './reader-text.ts';
import { toListing, toLongDay, toWeekdayName, toZonedHourText } from './wording.ts';

const MAX_NAME_CHARS = 60;
const MAX_QUERY_CHARS = 160;

/** Returns the names of lists: `Hugging Face Daily Papers and arXiv cs.CL`. After `max` names: `…, arXiv cs.CL and 3 more`. */
export function toListNames(lists: readonly ListId[], max = 4): string {
  const toNames = () => lists.map((list) => toReaderText(nameOfList(list), MAX_NAME_CHARS));
  return texts.recall(`${max} ${lists.join(' ')}`, () => toListing(toNames(), max));
}

/** The last names of lists and queries. The mails of a batch share them. */
const texts = createMemo<string, string>(500_000, (text, key) => 2 * (text.length + key.length));

/** Returns a query as the subscriber wrote it, at most 160 characters. Undefined for an empty query. */
export function toQueryText(query: string): string | undefined {
  if (query === '') return undefined;
  return texts.recall(`"${query}`, () => toReaderText(query, MAX_QUERY_CHARS)) || undefined;
}

const SORT_TEXTS: Readonly<Record<Sort, string>> = {
  trending: 'trending papers first',
  new: 'newest papers first',
  match: 'best matches first',
};

/** Says how the papers of a subscription are sorted: `trending papers first`. */
export function toSortText(sort: Sort): string {
  return SORT_TEXTS[sort];
}

/** Says which news a subscription brings besides its papers: `with news of picked papers and new versions`. Undefined for none. */
export function toNewsText({
  tellPicked,
  tellVersions,
}: Partial<Pick<Subscription, 'tellPicked' | 'tellVersions'>>): string | undefined {
  const news = [...(tellPicked ? ['picked papers'] : []), ...(tellVersions ? ['new versions'] : [])];
  return news.length > 0 ? `with news of ${toListing(news)}` : undefined;
}

/** Says until when a subscriber is paused. */
export function toPauseSentence({ pausedUntil }: Pick<Subscriber, 'pausedUntil'>): string {
  return pausedUntil
    ? `Your digests are paused. They start again on ${toLongDay(pausedUntil)}.`
    : 'Your digests are paused until you resume them.';
}

/** Says when digests of a cadence come: `every day at 08:00 (Europe/Berlin)`. */
export function toSchedule(
  cadence: Cadence,
  { hour, weekday, timeZone }: Pick<Subscriber, 'hour' | 'weekday' | 'timeZone'>,
): string {
  const time = `at ${toZonedHourText(hour, timeZone)}`;
  switch (cadence) {
    case 'instant':
      return 'as soon as new papers arrive';
    case 'daily':
      return `every day ${time}`;
    case 'weekly':
      return `every ${toWeekdayName(weekday)} ${time}`;
    case 'monthly':
      return `on the first of each month ${time}`;
    default:
      return cadence satisfies never;
  }
}
