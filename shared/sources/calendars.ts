import type { ListId } from '../domain/list.ts';
import type { ListCalendar } from '../domain/list-state.ts';

/** Hugging Face lists papers from Monday to Friday, the first of them by noon UTC. */
export const HF_DAILY_CALENDAR: ListCalendar = { weekdays: [1, 2, 3, 4, 5], dueHourUtc: 12 };

const CALENDARS: Readonly<Record<string, ListCalendar>> = { 'hf-daily': HF_DAILY_CALENDAR };

/**
 * When a list is expected to bring something; undefined for a list that no source reads any more. Apart from the sources,
 * so that who asks for a calendar does not load what reads a list.
 */
export function calendarOf(list: ListId): ListCalendar | undefined {
  return CALENDARS[list];
}
