import { describe, expect, test } from '@jest/globals';
import { arxivArchiveIds, arxivCategoryIds } from '../../../../shared/domain/lists/arxiv-categories.ts';
import { arxivArchives, findArxivCategory } from '../../../../shared/domain/lists/arxiv-names.ts';
import {
  chooseLists,
  explainUnknownList,
  findChosenList,
} from '../../../../shared/domain/lists/list-choice.ts';
import { isListAbout } from '../../../../shared/domain/lists/list-groups.ts';
import {
  findList,
  listIdSchema,
  listsTextSchema,
  nameOfList,
  type SourceDescription,
  sourceNames,
  sources,
} from '../../../../shared/domain/lists/lists.ts';

const CALENDAR = { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 4 };

describe('the list catalogue', () => {
  test.each(['hf-daily', 'arxiv/cs.CL', 'arxiv/cond-mat.mtrl-sci', 'arxiv/hep-th', 'feed/Distill-2'])(
    'describes %s',
    (id) => {
      const list = findList(id);

      expect(listIdSchema.safeParse(id).success).toBe(true);
      expect(id.split('/')[0]).toBe(list?.source);
      expect(list?.id).toBe(id);
      expect(nameOfList(id)).toBe(list?.name);
      expect(list?.calendar.timeZone).toBeDefined();
    },
  );

  test('names a category of arXiv and its page', () => {
    expect(findList('arxiv/cs.CL')).toMatchObject({
      name: 'arXiv cs.CL',
      url: 'https://arxiv.org/list/cs.CL/new',
    });
  });

  test('has one list for a category with two ids', () => {
    expect(findList('arxiv/math.NA')?.name).toBe('arXiv math.NA');
    expect(findList('arxiv/cs.NA')).toBeUndefined();
  });

  test('names a feed by its id, and knows no page of it', () => {
    expect(findList('feed/Nature-Machine-Intelligence')).toMatchObject({
      name: 'Nature Machine Intelligence',
    });
    expect(findList('feed/Distill')).not.toHaveProperty('url');
  });

  test.each(sourceNames)('reads %s at ascending minutes of the hour', (name) => {
    const { minutes } = sources[name];
    const valid = [...new Set(minutes)].filter(
      (minute) => Number.isInteger(minute) && minute >= 0 && minute < 60,
    );

    expect(minutes.length).toBeGreaterThan(0);
    expect(minutes).toEqual(valid.sort((a, b) => a - b));
  });

  test('names a list that no source provides by its id', () => {
    expect(findList('gone/cs.CL')).toBeUndefined();
    expect(nameOfList('gone/cs.CL')).toBe('gone/cs.CL');
    expect(nameOfList('hf-daily')).toBe('Hugging Face Daily Papers');
  });

  test.each([
    'hf-daily/part',
    'constructor',
    'toString',
    '',
    'arxiv',
    'arxiv/cs',
    'arxiv/cs.*',
    'feed',
    'feed/a--b',
  ])('has no list %j', (id) => {
    expect(findList(id)).toBeUndefined();
  });

  test('has many lists of one source', () => {
    expect(findList('arxiv/cs.CL')).toMatchObject({
      id: 'arxiv/cs.CL',
      source: 'arxiv',
      name: 'arXiv cs.CL',
      url: 'https://arxiv.org/list/cs.CL/new',
    });
    expect(findList('arxiv')).toBeUndefined();
  });

  test('does not compile without a calendar or a name', () => {
    const whole = { name: 'A list', url: 'https://example.org', calendar: CALENDAR };
    const { calendar, ...withoutCalendar } = whole;
    const { name, ...withoutName } = whole;
    const one = { name: 'A source', minutes: [0] };

    // @ts-expect-error the calendar is missing
    const first: SourceDescription = { ...one, describe: () => withoutCalendar };
    // @ts-expect-error the name is missing
    const second: SourceDescription = { ...one, describe: () => withoutName };
    const third: SourceDescription = { ...one, describe: () => whole };
    expect([first, second, third].map((source) => source.describe(undefined))).toEqual([
      ...[withoutCalendar, withoutName],
      whole,
    ]);
  });
});

describe('the lists of a deployment', () => {
  const idsOf = (text: string) => listsTextSchema.parse(text).map(({ id }) => id);

  test('come from a short text, each once', () => {
    expect(idsOf('hf-daily,arxiv/econ.*,arxiv/econ.EM,arxiv/cs.CL,feed/Distill')).toEqual([
      ...['hf-daily', 'arxiv/econ.EM', 'arxiv/econ.GN', 'arxiv/econ.TH', 'arxiv/cs.CL', 'feed/Distill'],
    ]);
  });

  test('include a category under the id that arXiv keeps', () => {
    expect(idsOf('arxiv/cs.NA,arxiv/math.NA,arxiv/stat.TH')).toEqual(['arxiv/math.NA', 'arxiv/math.ST']);
    expect(idsOf('arxiv/cs.*')).toContain('arxiv/eess.SY');
  });

  test('can be all of arXiv', () => {
    const all = idsOf('arxiv/*');

    expect(all.length).toBe(149);
    expect(new Set(all).size).toBe(149);
    for (const id of all) expect([id, listIdSchema.safeParse(id).success]).toEqual([id, true]);
  });

  test.each(['', 'hf-daily,', 'arxiv/cs.ZZ', 'arxiv/gone.*', 'hf-daily,nope'])(
    'are refused in %j',
    (text) => {
      expect(listsTextSchema.safeParse(text).success).toBe(false);
    },
  );
});

describe('the names of arXiv', () => {
  test('belong to exactly its categories', () => {
    const named = arxivCategoryIds.flatMap((id) => findArxivCategory(id) ?? []);

    expect(named.map(({ id }) => id)).toEqual(arxivCategoryIds);
    expect(arxivArchives.map(({ id }) => id)).toEqual(arxivArchiveIds);
    for (const { name, archive } of named) expect([name, archive.name]).not.toContain('');
  });

  test.each([
    ['cs.CL', 'Computation and Language', 'Computer Science'],
    ['hep-th', 'High Energy Physics - Theory', 'High Energy Physics - Theory'],
    ['cs.NA', 'Numerical Analysis', 'Mathematics'],
    ['math.NA', 'Numerical Analysis', 'Mathematics'],
  ])('of %s are %s in %s', (id, name, archive) => {
    expect(findArxivCategory(id)).toMatchObject({ name, archive: { name: archive } });
  });

  test.each(['cs', 'cs.ZZ', 'hep-th.AA', 'constructor', ''])('have no category %j', (id) => {
    expect(findArxivCategory(id)).toBeUndefined();
  });
});

describe('a chosen list', () => {
  const known = ['hf-daily', 'arxiv/math.NA', 'arxiv/cs.CL', 'arxiv/cs.CV', 'feed/Distill'];

  test.each([
    ['arxiv/cs.CL', 'arxiv/cs.CL'],
    ['arxiv/cs.NA', 'arxiv/math.NA'],
    ['arxiv/cs.LG', undefined],
    ['arxiv', undefined],
    ['', undefined],
  ])('by %j is %j', (id, list) => {
    expect(findChosenList(id, known)).toBe(list);
  });

  test('is chosen once, and an unknown id stays as it is', () => {
    const ids = ['arxiv/cs.NA', 'x', 'arxiv/math.NA', 'hf-daily', 'x'];

    expect(chooseLists(ids, known)).toEqual(['arxiv/math.NA', 'x', 'hf-daily']);
  });

  test('is compared with those of the deployment if there is no such list', () => {
    expect(explainUnknownList('arxiv/cs.CC', known)).toBe(
      '"arxiv/cs.CC" is not a list here. Did you mean arxiv/cs.CL, arxiv/cs.CV or arxiv/math.NA?',
    );
    expect(explainUnknownList('feed/distil', known)).toBe(
      '"feed/distil" is not a list here. Did you mean feed/Distill?',
    );
    expect(explainUnknownList('x', ['hf-daily'])).toBe('"x" is not a list here. The lists here: hf-daily.');
  });
});

test.each([
  ['cs', ['arxiv/cs.CL', 'arxiv/math.NA']],
  ['CS.cl', ['arxiv/cs.CL']],
  ['comp lang', ['arxiv/cs.CL']],
  ['omp', []],
  ['physics', ['arxiv/physics.optics']],
  ['cs.NA', ['arxiv/math.NA']],
  ['daily', ['hf-daily']],
])('the words %j find lists by the beginnings of words', (words, ids) => {
  const lists = ['hf-daily', 'arxiv/cs.CL', 'arxiv/math.NA', 'arxiv/physics.optics'].flatMap(
    (id) => findList(id) ?? [],
  );

  expect(lists.filter((list) => isListAbout(list, words)).map(({ id }) => id)).toEqual(ids);
});
