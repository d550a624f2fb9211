import { expect, test } from '@jest/globals';
import { calendarOf } from '../../../shared/sources/calendars.ts';
import { sourceRegistry } from '../../../shared/sources/registry.ts';
import { sourceNames } from '../../../shared/sources/source-names.ts';

test('every source has the calendar that is known for its list', () => {
  for (const name of sourceNames) {
    const { list, calendar } = sourceRegistry[name].create({});
    expect(calendarOf(list)).toBe(calendar);
  }
});

test('a list that nothing reads has none', () => {
  expect(calendarOf('arxiv/cs.CL')).toBeUndefined();
});
