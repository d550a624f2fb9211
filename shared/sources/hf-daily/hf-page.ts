import { type Day, type Instant, utcDayOf } from '../../domain/time/time.ts';
import type { HttpAnswer } from '../../ports/http.ts';
import { type JsonArrayReading, parseJsonArray } from '../json-array.ts';
import type { SourceAnswer } from '../source.ts';
import { parseHfItem } from './hf-item.ts';

/** How many items a page is asked for, the most that the API gives. */
export const HF_PAGE_SIZE = 100;

/** A page with more items than this was not made for us. The first ones are read. */
const MAX_ITEMS = 10 * HF_PAGE_SIZE;

export interface HfPageContext {
  /** The day whose list was asked for. */
  readonly askedDay: Day;
  readonly now: Instant;
  /** The ids of the same day's items so far. Those of this page are added. */
  readonly seenIds: Set<string>;
}

/** What a page holds. */
export interface HfPage extends Omit<SourceAnswer, 'lists' | 'asked' | 'cursor'> {
  /** Whether it holds as many items as were asked for, so that there may be another page. */
  readonly isFull: boolean;
}

/**
 * Parses one page of a day's list. A day without a list gives a page without items and without a problem. The API answers `[]` or
 * `null` for such a day, or 404 for today and 400 for a later day. For a past day, 400 and 404 are a problem, like any answer that is
 * not a list. The API may have changed, and papers may be missing.
 */
export function parseHfPage(answer: HttpAnswer, { askedDay, now, seenIds }: HfPageContext): HfPage {
  const isPastDay = askedDay < utcDayOf(now);
  const { items: rawItems, problem } = parseAnswer(answer, isPastDay);
  const readings = rawItems.map((raw, position) => parseHfItem(raw, { position, askedDay, now }));

  const items = readings.flatMap((reading) => (reading.kind === 'item' ? [reading.item] : []));
  const newItems = items.filter(({ facts }) => {
    const isNew = !seenIds.has(facts.id);
    seenIds.add(facts.id);
    return isNew;
  });
  return {
    itemsRead: rawItems.length,
    items: newItems,
    rejections: readings.flatMap((reading) => (reading.kind === 'rejection' ? [reading.rejection] : [])),
    corrections: readings.flatMap((reading) => (reading.kind === 'item' ? reading.corrections : [])),
    problem,
    isFull: rawItems.length >= HF_PAGE_SIZE,
  };
}

function parseAnswer({ status, body }: HttpAnswer, isPastDay: boolean): JsonArrayReading {
  if (status === 200) {
    const { items, problem } = parseJsonArray(body);
    if (items.length <= MAX_ITEMS) return { items, problem };
    const what = `it has ${items.length} items; expected ${HF_PAGE_SIZE} at most`;
    return { items: items.slice(0, MAX_ITEMS), problem: what };
  }
  if (!isPastDay && (status === 400 || status === 404)) return { items: [] };
  return { items: [], problem: `HTTP ${status}; expected 200` };
}
