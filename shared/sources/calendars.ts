import type { ListId } from '../domain/list.ts';
import type { ListCalendar } from '../domain/list-state.ts';
import { sourceRegistry } from './registry.ts';
import { sourceNames } from './source-names.ts';

/** When a list is expected to bring something; undefined for a list that no source reads any more. */
export function calendarOf(list: ListId): ListCalendar | undefined {
  const sources = sourceNames.map((name) => sourceRegistry[name].create({}));
  return sources.find((source) => source.list === list)?.calendar;
}
