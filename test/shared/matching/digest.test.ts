import { describe, expect, test } from '@jest/globals';
import type { Muted } from '../../../shared/domain/subscribers/muting.ts';
import { selectSections } from '../../../shared/matching/digest.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { createPaper } from '../../factories/papers.ts';
import { createSubscription } from '../../factories/subscribers.ts';

describe('selecting the papers of a digest', () => {
  const papers = [1, 2, 3, 4].map((n) =>
    createPaper({ id: `2601.0000${n}`, title: n % 2 ? 'Odd one' : 'Even one' }),
  );
  const toPart = (list: string, listed: typeof papers) => ({
    list,
    index: openDay(buildDayIndex(listed)),
    papers: listed,
  });
  const window = openWindow([toPart('hf-daily', papers.slice(0, 3)), toPart('arxiv/cs.CL', papers.slice(3))]);
  const select = (subscriptions: ReturnType<typeof createSubscription>[], sent: string[] = []) =>
    selectSections({ subscriptions }, 'daily', window, sent).sections.map(
      ({ subscription, matches, moreCount }) => [
        subscription.id,
        matches.map(({ paper }) => paper.id.at(-1)).join(''),
        moreCount,
      ],
    );

  test('selects papers of the followed lists, in rank order', () => {
    expect(select([createSubscription()])).toEqual([['s1', '123', 0]]);
    expect(select([createSubscription({ lists: ['arxiv/cs.CL', 'hf-daily'] })])).toEqual([['s1', '1234', 0]]);
  });

  test('keeps the best papers and counts the rest', () => {
    expect(select([createSubscription({ maxPapers: 2 })])).toEqual([['s1', '12', 1]]);
  });

  test('sorts each subscription as it says, before it keeps the best papers', () => {
    const sort = (order: 'trending' | 'new' | 'match') =>
      select([createSubscription({ sort: order, query: 'odd OR one', maxPapers: 2 })])[0]?.[1];

    expect([sort('trending'), sort('new'), sort('match')]).toEqual(['12', '32', '13']);
  });

  test('leaves out sent papers', () => {
    expect(select([createSubscription()], ['2601.00002'])).toEqual([['s1', '13', 0]]);
    expect(select([createSubscription()], ['2601.00001', '2601.00002', '2601.00003'])).toEqual([]);
  });

  test('selects a paper once, in the first section with room for it', () => {
    const sections = select([
      createSubscription({ id: 's1', query: 'odd', maxPapers: 1 }),
      createSubscription({ id: 's2', query: 'even' }),
      createSubscription({ id: 's3' }),
    ]);

    expect(sections).toEqual([
      ['s1', '1', 1],
      ['s2', '2', 0],
      ['s3', '3', 0],
    ]);
  });

  test('leaves out what the reader muted', () => {
    const subscriptions = [createSubscription()];
    const titles = (muted: Muted) =>
      selectSections({ subscriptions, ...muted }, 'daily', window, []).sections.flatMap(({ matches }) =>
        matches.map(({ paper }) => paper.id.at(-1)),
      );

    expect(titles({ mutedPapers: ['2601.00002', '2601.99999'] })).toEqual(['1', '3']);
    expect(titles({ mutedAuthors: ['Nobody Else'] })).toEqual(['1', '2', '3']);
    expect(titles({ mutedAuthors: [papers[0]?.authors[0] ?? ''] })).toEqual([]);
  });

  test('a query that cannot be read costs its own section only, and is named', () => {
    const subscriptions = [
      createSubscription({ id: 's1', query: 'odd OR' }),
      createSubscription({ id: 's2', query: 'even' }),
      createSubscription({ id: 's3', query: '(', cadence: 'weekly' }),
    ];

    expect(selectSections({ subscriptions }, 'daily', window, [])).toMatchObject({
      sections: [{ subscription: { id: 's2' } }],
      unreadable: [{ subscriptionId: 's1', fault: 'invalid query at character 7: missing condition' }],
    });
  });

  test('ignores subscriptions of another cadence', () => {
    expect(select([createSubscription({ cadence: 'weekly' })])).toEqual([]);
  });
});
