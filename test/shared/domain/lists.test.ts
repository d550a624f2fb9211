import { describe, expect, test } from '@jest/globals';
import {
  createListCatalogue,
  findList,
  listIdSchema,
  lists,
  nameOfList,
  sourceNames,
  sources,
} from '../../../shared/domain/lists.ts';

const CALENDAR = { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 4 };

describe('the list catalogue', () => {
  test.each(lists.map((list) => [list.id, list] as const))('describes %s', (id, list) => {
    expect(listIdSchema.safeParse(id).success).toBe(true);
    expect(id.split('/')[0]).toBe(list.source);
    expect(findList(id)).toEqual(list);
    expect(new URL(list.url).protocol).toBe('https:');
    expect(list.calendar.weekdays.length).toBeGreaterThan(0);
  });

  test.each(sourceNames)('reads %s at ascending minutes of the hour', (name) => {
    const { minutes } = sources[name];
    const valid = [...new Set(minutes)].filter((one) => Number.isInteger(one) && one >= 0 && one < 60);

    expect(minutes.length).toBeGreaterThan(0);
    expect(minutes).toEqual(valid.sort((a, b) => a - b));
  });

  test('names a list that no source provides by its id', () => {
    expect(findList('gone/cs.CL')).toBeUndefined();
    expect(nameOfList('gone/cs.CL')).toBe('gone/cs.CL');
    expect(nameOfList('hf-daily')).toBe('Hugging Face Daily Papers');
  });

  test.each(['hf-daily/part', 'constructor', 'toString', ''])('has no list %j', (id) => {
    expect(findList(id)).toBeUndefined();
  });

  test('supports a source with many lists', () => {
    const catalogue = createListCatalogue({
      arxiv: {
        name: 'arXiv',
        minutes: [5],
        describe: (category) =>
          category === undefined
            ? undefined
            : {
                name: `arXiv ${category}`,
                url: `https://arxiv.org/list/${category}/new`,
                calendar: CALENDAR,
              },
      },
    });

    expect(catalogue.find('arxiv/cs.CL')).toEqual({
      ...{ id: 'arxiv/cs.CL', source: 'arxiv', name: 'arXiv cs.CL', calendar: CALENDAR },
      url: 'https://arxiv.org/list/cs.CL/new',
    });
    expect(catalogue.find('arxiv')).toBeUndefined();
  });

  test('does not compile without a calendar, a name or an address', () => {
    const whole = { name: 'A list', url: 'https://example.org', calendar: CALENDAR };
    const { calendar, ...withoutCalendar } = whole;
    const { url, ...withoutUrl } = whole;
    const one = { name: 'A source', minutes: [0] };

    // @ts-expect-error the calendar is missing
    createListCatalogue({ one: { ...one, describe: () => withoutCalendar } });
    // @ts-expect-error the address is missing
    createListCatalogue({ one: { ...one, describe: () => withoutUrl } });
    expect(createListCatalogue({ one: { ...one, describe: () => whole } }).find('one')).toMatchObject({
      ...{ calendar, url },
    });
  });
});
