import type { ListCondition } from '../domain/lists/list-state.ts';
import type { ListId } from '../domain/lists/lists.ts';
import { addDays, type Day, isoWeekdayOf } from '../domain/time/time.ts';
import { toListNames } from './subscription-wording.ts';
import { toDayName, toWeekdayName } from './wording.ts';

/** Lists in the same condition, as a line for readers. */
export interface ConditionLine {
  readonly text: string;
  /** Whether papers may be missing. */
  readonly isAlarming: boolean;
}

/** From the best to the worst state. */
const ORDER: readonly ListCondition['state'][] = ['fresh', 'quiet', 'partial', 'stale', 'broken'];

/** Lists without a fault are seldom of interest, so few of them are named. */
const MAX_WELL = 3;
const MAX_ALARMING = 12;

/**
 * Returns one line for all lists in the same condition, the best first: `Up to date: arXiv cs.CL and arXiv cs.LG.`
 *
 * @param readerDay the reader's day. The day of a list may differ, in its own zone
 */
export function toConditionLines(
  conditions: ReadonlyMap<ListId, ListCondition>,
  readerDay: Day,
): readonly ConditionLine[] {
  const alike = new Map<string, { readonly condition: ListCondition; readonly lists: ListId[] }>();
  for (const [list, condition] of conditions) {
    const key = JSON.stringify(condition);
    const group = alike.get(key) ?? { condition, lists: [] };
    group.lists.push(list);
    alike.set(key, group);
  }
  return [...alike.values()]
    .sort((a, b) => ORDER.indexOf(a.condition.state) - ORDER.indexOf(b.condition.state))
    .map(({ condition, lists }) => ({
      text: toLine(condition, lists, readerDay),
      isAlarming: condition.state !== 'fresh' && condition.state !== 'quiet',
    }));
}

function toLine(condition: ListCondition, lists: readonly ListId[], readerDay: Day): string {
  const names = toListNames(lists, MAX_ALARMING);
  const isOne = lists.length === 1;
  switch (condition.state) {
    case 'fresh':
      return `Up to date: ${toListNames(lists, MAX_WELL)}.`;
    case 'quiet':
      return `${toListNames(lists, MAX_WELL)}: ${toQuietText(condition, readerDay)}.`;
    case 'partial':
      return `${names}: only a part could be read, so papers may be missing.`;
    case 'stale': {
      const late = toOverdueText(condition, readerDay, isOne);
      if (late === undefined) return `${names}: no papers have come yet.`;
      return `${names} ${late}; ${isOne ? 'its' : 'their'} papers come with the next digest.`;
    }
    case 'broken':
      return `${names} cannot be read at the moment, so papers may be missing.`;
    default:
      return condition satisfies never;
  }
}

/**
 * Says why a list has nothing new: `nothing announced today, US holiday (Thanksgiving)`, `no new papers on Saturdays`.
 *
 * @param readerDay the reader's day. On another day than the list's, the text names the weekday: `nothing announced on Friday`
 */
export function toQuietText(
  { today, because, holiday }: Extract<ListCondition, { state: 'quiet' }>,
  readerDay: Day,
): string {
  const weekday = toWeekdayName(isoWeekdayOf(today));
  const isToday = today === readerDay;
  const day = isToday ? 'today' : `on ${weekday}`;
  switch (because) {
    case 'holiday':
      return `nothing announced ${day}, ${holiday}`;
    case 'weekday':
      return `no new papers on ${weekday}s`;
    case 'early':
      return isToday ? 'no new papers yet today' : `${weekday}’s papers are not due yet`;
    case 'none':
      return `no new papers ${day}`;
    default:
      return because satisfies never;
  }
}

/** Says since when a list is late: `is late today`, `have been late since Tuesday`. Undefined if it never had papers. */
function toOverdueText(
  { today, overdueDay }: Extract<ListCondition, { state: 'stale' }>,
  readerDay: Day,
  isOne: boolean,
): string | undefined {
  if (overdueDay === undefined) return undefined;
  if (overdueDay === today && today === readerDay) return `${isOne ? 'is' : 'are'} late today`;
  const isRecent = overdueDay > addDays(readerDay, -7);
  const since = isRecent ? toWeekdayName(isoWeekdayOf(overdueDay)) : toDayName(overdueDay, readerDay);
  return `${isOne ? 'has' : 'have'} been late since ${since}`;
}
