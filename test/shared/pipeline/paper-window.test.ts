import { describe, expect, test } from '@jest/globals';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { sorts } from '../../../shared/domain/papers/sort.ts';
import { parseQueryCached } from '../../../shared/matching/query/parse-query-cached.ts';
import { listsToLoad, openPaperWindow } from '../../../shared/pipeline/paper-window.ts';
import { type ListDayPapers, toListDayPapers } from '../../../shared/snapshots/list-day.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';

const NOW = '2026-03-05T12:00:00.000Z';
const LISTS = ['hf-daily', 'arxiv/cs.CL', 'arxiv/cs.CV', 'feed/Distill'];
const DAYS = ['2026-03-03', '2026-03-04', '2026-03-05'];
const QUERIES = [
  '',
  'robot',
  'robot OR graph',
  '-robot',
  'list:hf-daily',
  'robot -list:arxiv/cs.CV',
  'cat:cs.CL',
];

const paperArbitrary = fc
  .record({
    number: fc.integer({ min: 1, max: 30 }),
    title: fc.constantFrom('A robot', 'A graph', 'A robot and a graph', 'Nothing'),
    upvotes: fc.integer({ min: 0, max: 9 }),
    isVoted: fc.boolean(),
    category: fc.constantFrom('cs.CL', 'cs.CV'),
    hour: fc.integer({ min: 10, max: 23 }),
  })
  .map(({ number, title, upvotes, isVoted, category, hour }): Paper => {
    const seenAt = `2026-03-0${1 + (number % 3)}T${hour}:00:00.000Z`;
    return createPaper({
      id: `2603.${String(number).padStart(5, '0')}`,
      title,
      upvotes,
      categories: [category],
      firstSeenAt: seenAt,
      voteCounts: isVoted ? [{ at: seenAt, upvotes, comments: 0 }] : [],
    });
  });

/** Papers with one text each, spread over the days of lists. */
const partsArbitrary = fc
  .tuple(
    fc.uniqueArray(paperArbitrary, { selector: ({ id }) => id, minLength: 1, maxLength: 20 }),
    fc.array(fc.nat({ max: LISTS.length * DAYS.length - 1 }), { minLength: 20, maxLength: 40 }),
  )
  .map(([papers, places]) =>
    LISTS.flatMap((list, l) =>
      DAYS.flatMap((day, d) => {
        const here = papers.filter((_, n) =>
          places.some((place, at) => at % papers.length === n && place === l * DAYS.length + d),
        );
        return here.length > 0 ? [toListDayPapers({ list, day }, here, `${day}T06:00:00.000Z`)] : [];
      }),
    ),
  );

function open(parts: readonly ListDayPapers[], together: readonly string[] = []) {
  const load = async (list: string) => parts.filter((part) => part.list === list);
  return openPaperWindow({ listDays: { load } }, 3, NOW, { together });
}

test('followers of some lists get the same papers from a window that all lists share', async () => {
  await fc.assert(
    fc.asyncProperty(
      partsArbitrary,
      fc.subarray(LISTS, { minLength: 1 }),
      fc.constantFrom(...QUERIES),
      fc.constantFrom(...sorts),
      fc.integer({ min: 1, max: 6 }),
      async (parts, lists, query, sort, limit) => {
        const select = async (together: readonly string[]) => {
          const { window, firstSeenAt, asOf } = await open(parts, together).view(
            listsToLoad({ lists, query }, LISTS),
          );
          const { matches, total, findWithheld } = window.select({
            query: parseQueryCached(query),
            lists,
            sort,
            isInterleaved: true,
            limit,
            excluded: ['2603.00001', '2603.00002'],
          });
          return { matches, total, withheld: new Set(findWithheld()), firstSeenAt, asOf };
        };

        expect(await select(LISTS)).toEqual(await select([]));
      },
    ),
  );
});

test('the same list-days give the same window, also to the next batch', async () => {
  const paper = createPaper({ id: '2603.00001' });
  const parts = LISTS.map((list) => toListDayPapers({ list, day: '2026-03-04' }, [paper]));
  const { window } = await open(parts, LISTS).view(['hf-daily']);

  expect((await open(parts, LISTS).view(['arxiv/cs.CL'])).window).toBe(window);
  expect((await open(parts, LISTS.toReversed()).view(['arxiv/cs.CL'])).window).toBe(window);
  for (const list of LISTS) {
    const others = parts.filter((part) => part.list !== list);
    const changed = [...others, toListDayPapers({ list, day: '2026-03-04' }, [paper])];
    expect((await open(changed, LISTS).view(['arxiv/cs.CL'])).window).not.toBe(window);
  }
  expect((await open(parts, LISTS).view(['arxiv/cs.AI'])).window).not.toBe(window);
});

test('a query that names a list finds its papers for a follower of other lists', async () => {
  const paper = createPaper({ id: '2603.00001' });
  const parts = ['hf-daily', 'arxiv/cs.CL'].map((list) =>
    toListDayPapers({ list, day: '2026-03-04' }, [paper]),
  );
  const subscription = { lists: ['arxiv/cs.CL'], query: 'list:hf-daily' };
  const { window } = await open(parts).view(listsToLoad(subscription, LISTS));

  expect(
    window.select({ query: parseQueryCached('list:hf-daily'), lists: ['arxiv/cs.CL'], limit: 9 }).total,
  ).toBe(1);
});

const READ_HERE = ['hf-daily', 'feed/Distill'];

test.each([
  ['list:hf-daily cat:cs.CV', ['arxiv/cs.CL', 'hf-daily']],
  ['-list:hf-daily OR list:feed/Distill', ['arxiv/cs.CL', 'hf-daily', 'feed/Distill']],
  ['cat:cs.CV', ['arxiv/cs.CL']],
  ['', ['arxiv/cs.CL']],
  ['List:hf-daily', ['arxiv/cs.CL', 'hf-daily']],
  ['-LIST：hf-daily', ['arxiv/cs.CL', 'hf-daily']],
  ['list:hf-daily AND (', ['arxiv/cs.CL']],
  ['list:hf-daily OR list:arxiv/math.AG', ['arxiv/cs.CL', 'hf-daily']],
])('a follower of one list who asks for %s needs %j', (query, expected) => {
  expect(listsToLoad({ lists: ['arxiv/cs.CL'], query }, READ_HERE)).toEqual(expected);
});

describe('a view', () => {
  const seen = (id: string, firstSeenAt: string, title = 'A robot') =>
    createPaper({ id, title, firstSeenAt, voteCounts: [] });
  const part = (list: string, day: string, papers: readonly Paper[], asOf?: string) =>
    toListDayPapers({ list, day }, papers, asOf);
  const parts = [
    part(
      'hf-daily',
      '2026-03-05',
      [seen('2603.00003', '2026-03-05T09:00:00.000Z')],
      '2026-03-05T09:30:00.000Z',
    ),
    part(
      'hf-daily',
      '2026-03-04',
      [seen('2603.00002', '2026-03-04T09:00:00.000Z')],
      '2026-03-04T09:30:00.000Z',
    ),
    part(
      'arxiv/cs.CL',
      '2026-03-04',
      [seen('2603.00001', '2026-03-03T09:00:00.000Z')],
      '2026-03-05T08:00:00.000Z',
    ),
    part(
      'feed/Distill',
      '2026-03-04',
      [seen('2603.00004', '2026-03-04T07:00:00.000Z')],
      '2026-03-05T10:00:00.000Z',
    ),
    part(
      'feed/Distill',
      '2026-03-05',
      [seen('2603.00005', '2026-03-01T07:00:00.000Z')],
      '2026-03-05T06:00:00.000Z',
    ),
    part('arxiv/cs.CL', '2026-03-02', [seen('2603.00000', '2026-03-02T09:00:00.000Z')]),
  ];
  const daysOf = (listDays: readonly ListDayPapers[]) => listDays.map(({ list, day }) => `${day} ${list}`);

  test('loads each list once, from the first day to the last, as fresh as asked', async () => {
    const calls: unknown[] = [];
    const load = async (...call: readonly unknown[]) => {
      calls.push(call);
      return [];
    };
    const window = openPaperWindow({ listDays: { load } }, 3, NOW, { freshSince: NOW });

    await window.view(['hf-daily', 'arxiv/cs.CL']);
    await window.view(['hf-daily'], 1);

    expect(window.days).toEqual({ first: '2026-03-02', last: '2026-03-05' });
    expect(calls).toEqual([
      ['arxiv/cs.CL', '2026-03-02', '2026-03-05', NOW],
      ['hf-daily', '2026-03-02', '2026-03-05', NOW],
    ]);
  });

  test('has the list-days of its last days, oldest first', async () => {
    const window = open(parts);
    const view = async (lastDays?: number) =>
      daysOf((await window.view(['hf-daily', 'arxiv/cs.CL'], lastDays)).listDays);

    expect(await view(1)).toEqual(['2026-03-05 hf-daily']);
    expect(await view(2)).toEqual(['2026-03-04 arxiv/cs.CL', '2026-03-04 hf-daily', '2026-03-05 hf-daily']);
    expect(await view()).toEqual([
      ...['2026-03-02 arxiv/cs.CL', '2026-03-04 arxiv/cs.CL', '2026-03-04 hf-daily', '2026-03-05 hf-daily'],
    ]);
  });

  test.each([
    [['hf-daily'], undefined, '2026-03-04T09:00:00.000Z', '2026-03-05T09:30:00.000Z'],
    [['hf-daily'], 1, '2026-03-05T09:00:00.000Z', '2026-03-05T09:30:00.000Z'],
    [['arxiv/cs.CL'], undefined, '2026-03-02T09:00:00.000Z', '2026-03-05T08:00:00.000Z'],
    [['arxiv/cs.CL'], 2, '2026-03-03T09:00:00.000Z', '2026-03-05T08:00:00.000Z'],
    [['arxiv/cs.CL', 'hf-daily'], undefined, '2026-03-02T09:00:00.000Z', '2026-03-05T09:30:00.000Z'],
    [['feed/Distill'], 2, '2026-03-01T07:00:00.000Z', '2026-03-05T10:00:00.000Z'],
    [['arxiv/cs.CL', 'arxiv/cs.CV'], 1, undefined, undefined],
  ])(
    'of %j over %s days has the times of its own papers, also in a shared window',
    async (lists, lastDays, firstSeenAt, asOf) => {
      for (const together of [[], LISTS])
        expect(await open(parts, together).view(lists, lastDays)).toMatchObject({ firstSeenAt, asOf });
    },
  );

  test('takes the text of a paper from its last list-day', async () => {
    const id = '2603.00009';
    const renamed = [
      part('hf-daily', '2026-03-05', [seen(id, NOW, 'The new title')]),
      part('arxiv/cs.CL', '2026-03-03', [seen(id, NOW, 'The old title')]),
    ];
    const lists = ['hf-daily', 'arxiv/cs.CL'];
    const { window } = await open(renamed).view(lists);

    const { matches } = window.select({ query: parseQueryCached(''), lists, limit: 9 });

    expect(matches.map(({ paper }) => paper.title)).toEqual(['The new title']);
  });

  test('of a list that is not shared has its papers, too', async () => {
    const lists = ['hf-daily', 'arxiv/cs.CL'];
    const { window } = await open(parts, ['hf-daily']).view(lists);

    expect(window.select({ query: parseQueryCached(''), lists, limit: 9 }).total).toBe(4);
  });

  test('is the same for the same lists in another order', async () => {
    const window = open(parts);

    const views = [
      ['hf-daily', 'arxiv/cs.CL'],
      ['arxiv/cs.CL', 'hf-daily', 'hf-daily'],
    ];
    const [one, other] = await Promise.all(views.map((lists) => window.view(lists)));

    expect(one?.window).toBe(other?.window);
  });
});
