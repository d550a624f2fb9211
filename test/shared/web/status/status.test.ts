import { describe, expect, test } from '@jest/globals';
import { arxivCategoryIds } from '../../../../shared/domain/lists/arxiv-categories.ts';
import type { ListHistory } from '../../../../shared/domain/lists/list-state.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { createReader, findMistakes } from '../reader.ts';

const FRIDAY = '2026-01-09';

async function readStatus(now: string, history: object) {
  const reader = createReader();
  reader.clock.moveTo(`${FRIDAY}T10:00:00.000Z`);
  await reader.repositories.papers.save(createFacts(), reader.clock.now());
  await reader.repositories.listings.save(createListing({ day: FRIDAY }));
  await reader.repositories.sourceStates.save('hf-daily', {
    lists: { 'hf-daily': { failuresInARow: 0, ...history } },
  });
  reader.clock.moveTo(now);
  return reader.read('/status');
}

const lastNewAt = `${FRIDAY}T10:00:00.000Z`;

test('at a weekend nothing is due, and the page says when it is', async () => {
  const lastSuccessAt = '2026-01-11T12:40:00.000Z';

  const { status, text, headers } = await readStatus('2026-01-11T13:00:00.000Z', {
    lastNewAt,
    lastSuccessAt,
  });

  expect(status).toBe(200);
  expect(text).toContain('No papers are missing.');
  expect(text).toContain('Up to date. No new papers on Sundays.');
  expect(text).toContain('New papers last found Friday 9 January 2026, 10:00');
  expect(text).toContain('Newest day Friday 9 January 2026');
  expect(text).toContain('Last read Sunday 11 January 2026, 12:40');
  expect(text).toContain('Next due Monday 12 January 2026, 12:00. None are due on Saturdays and Sundays.');
  expect(text).not.toContain('Due since');
  expect(headers.get('cache-control')).toMatch(/^public, /);
});

test('on Monday afternoon the papers are late', async () => {
  const { text } = await readStatus('2026-01-12T13:00:00.000Z', { lastNewAt });

  expect(text).toContain('Papers may be missing.');
  expect(text).toContain('Late. New papers are due but have not arrived.');
  expect(text).toContain('Due since Monday 12 January 2026, 12:00');
  expect(text).toContain('Next due Tuesday 13 January 2026, 12:00');
});

test('the front page names the late lists, and since when their own papers are due', async () => {
  const web = createFakeWeb();
  const reader = createReader({
    ...web,
    ports: { ...web.ports, lists: ['hf-daily', 'arxiv/cs.CL', 'arxiv/cs.CV'] },
  });
  await reader.repositories.papers.save(createFacts(), lastNewAt);
  await reader.repositories.listings.save(createListing({ day: FRIDAY }));
  await reader.repositories.sourceStates.save('hf-daily', {
    lists: { 'hf-daily': { failuresInARow: 0, newestDay: FRIDAY } },
  });
  await reader.repositories.sourceStates.save('arxiv', {
    lists: {
      'arxiv/cs.CL': { failuresInARow: 3, newestDay: '2026-01-06' },
      'arxiv/cs.CV': { failuresInARow: 0 },
    },
  });
  reader.clock.moveTo('2026-01-13T14:00:00.000Z');

  const { text } = await reader.read('/');

  expect(text).toContain('We cannot read arXiv cs.CL at the moment, so papers may be missing.');
  expect(text).toContain(
    'New papers from Hugging Face Daily Papers are late. They were due on Monday 12 January, 12:00 UTC.',
  );
  expect(text).not.toContain('arXiv cs.CV are late');
});

test('a list that cannot be read is not called up to date', async () => {
  const { text } = await readStatus('2026-01-09T11:00:00.000Z', { lastNewAt, failuresInARow: 3 });

  expect(text).toContain('We cannot read any list at the moment.');
  expect(text).not.toContain('Up to date');
});

test('a list whose papers are all of a back-fill was read when they came', async () => {
  const { text } = await readStatus('2026-01-09T11:00:00.000Z', { lastNewAt });

  expect(text).toContain('Last read Friday 9 January 2026, 10:00');
});

test('on its first day a list has one day', async () => {
  const { text } = await readStatus(`${FRIDAY}T11:00:00.000Z`, { days: `${FRIDAY} 3` });

  expect(text).toContain('Today:');
  expect(text).toContain(' 9 Jan. ● papers came.');
  expect(text).not.toContain('to 9 Jan');
});

test('before the first read it says so', async () => {
  const { text } = await readStatus('2026-01-09T11:00:00.000Z', {});

  expect(text).toContain('New papers last found none yet');
  expect(text).toContain('Last read not yet');
});

describe('all times are UTC, also if the list has another day in its own zone', () => {
  /** A small list, with papers on Mondays only. Its zone is New York. */
  const SMALL = {
    newestDay: '2026-11-23',
    days: '2026-11-02 5 0 0 0 0 0 0 5 0 0 0 0 0 0 5 0 0 0 0 0 0 5 0 0',
  };
  const readArxiv = async (now: string, history: Partial<ListHistory>) => {
    const web = createFakeWeb();
    const reader = createReader({ ...web, ports: { ...web.ports, lists: ['arxiv/cs.CL'] } });
    await reader.repositories.sourceStates.save('arxiv', {
      lists: { 'arxiv/cs.CL': { failuresInARow: 0, lastSuccessAt: now, ...history } },
    });
    reader.clock.moveTo(now);
    return (await reader.read('/status')).text;
  };

  test.each([
    ['2026-11-27T20:00:00.000Z', 'Nothing announced today, US holiday (Thanksgiving).'],
    ['2026-11-28T03:00:00.000Z', 'Nothing announced on Friday, US holiday (Thanksgiving).'],
  ])('a holiday, at %s', async (now, expected) => {
    expect(await readArxiv(now, { newestDay: '2026-11-26' })).toContain(`Up to date. ${expected}`);
  });

  test.each([
    ['2026-11-25T20:00:00.000Z', 'No new papers today.'],
    ['2026-11-26T03:00:00.000Z', 'No new papers on Wednesday.'],
  ])('says on which day a list had no papers, at %s', async (now, expected) => {
    expect(await readArxiv(now, SMALL)).toContain(`Up to date. ${expected}`);
  });

  test('says it once for many lists, which share a group', async () => {
    const web = createFakeWeb();
    const lists = arxivCategoryIds.map((id) => `arxiv/${id}`);
    const reader = createReader({ ...web, ports: { ...web.ports, lists } });
    const histories = lists.map((list) => [list, { newestDay: '2026-11-26', failuresInARow: 0 }] as const);
    await reader.repositories.sourceStates.save('arxiv', { lists: Object.fromEntries(histories) });
    reader.clock.moveTo('2026-11-28T03:00:00.000Z');

    expect((await reader.read('/status')).text).toContain('Nothing announced on Friday, US holiday');
  });
});

test('the last days are a row of marks, each a sentence for a screen reader, and special days are named', async () => {
  const { html, text } = await readStatus('2026-01-12T13:00:00.000Z', {
    lastNewAt,
    newestDay: FRIDAY,
    lastSuccessAt: '2026-01-12T12:55:00.000Z',
    days: '2026-01-05 23 31L 0 18P 25 0 0 0',
  });

  expect(html.match(/<ol class="days".*?<\/ol>/s)?.[0].match(/<li/g)).toHaveLength(8);
  expect(text).toContain('Friday 9 January: 25 papers came');
  expect(text).toContain('Wednesday 7 January: papers were due and did not come');
  expect(text).toContain('Tuesday 6 January: 31 papers came late');
  expect(text).toContain('Thursday 8 January: 18 papers, some papers may be missing');
  expect(text).toContain('Sunday 11 January: no papers, and none were due');
  expect(text).toContain('Papers came late: 6 Jan.');
  expect(text).toContain('Papers were due and did not come: 12 Jan and 7 Jan.');
  expect(text).toContain('Some papers may be missing: 8 Jan.');
});

test.each([
  '/status?list=arxiv/cs.NA',
  '/feeds/lists/arxiv/cs.NA.atom',
  '/feeds/search.atom?list=arxiv/cs.NA',
  '/search?list=arxiv/cs.NA',
])('%s takes the second name of a category', async (path) => {
  const web = createFakeWeb();
  const reader = createReader({ ...web, ports: { ...web.ports, lists: ['arxiv/math.NA'] } });

  expect((await reader.read(path)).status).toBe(200);
});

test('a link to sign up may have the second name of a category', async () => {
  const web = createFakeWeb();
  const reader = createReader({ ...web, ports: { ...web.ports, lists: ['hf-daily', 'arxiv/math.NA'] } });
  const { html } = await reader.read('/sign-up?lists=arxiv/cs.NA');

  expect(html).toMatch(/<input[^>]*value="arxiv\/math.NA"[^>]*checked/);
});

test('a list that is not read has no page', async () => {
  const reader = createReader(createFakeWeb());
  const { status, text, html } = await reader.read('/status?list=arxiv/cs.CL');

  expect(status).toBe(404);
  expect(text).toContain('We do not read a list with this name. See the status of all lists');
  expect(await findMistakes(html)).toEqual([]);
});

describe('with every category of arXiv', () => {
  const lists = arxivCategoryIds.map((id) => `arxiv/${id}`);
  const FULL =
    '2026-10-29 113 94 0 0 120 80 75 90 60 0 0 150 99 80 94 70 0 0 120 88 75 90 60 0 0 150 501 99 80 0';
  const usual: ListHistory = {
    lastSuccessAt: '2026-11-26T05:10:00.000Z',
    lastNewAt: '2026-11-26T05:10:00.000Z',
    newestDay: '2026-11-26',
    failuresInARow: 0,
    isNewestWhole: true,
    days: FULL,
  };
  const readAll = async (historyOf: (index: number) => ListHistory, path = '/status') => {
    const web = createFakeWeb();
    const reader = createReader({ ...web, ports: { ...web.ports, lists } });
    const histories = Object.fromEntries(lists.map((list, index) => [list, historyOf(index)]));
    await reader.repositories.sourceStates.save('arxiv', { lists: histories });
    reader.clock.moveTo('2026-11-27T15:00:00.000Z');
    return reader.read(path);
  };

  test('lists that do alike share a section, and a list that does not has its own, first', async () => {
    const { text, html } = await readAll((index) => (index === 7 ? { ...usual, failuresInARow: 3 } : usual));

    expect(lists.length).toBe(149);
    expect(text).toContain(`and ${lists.length - 3} more`);
    expect(text).toContain('Up to date. Nothing announced today, US holiday (Thanksgiving).');
    expect(text).toContain('H holiday. 27 Nov: US holiday (Thanksgiving).');
    expect(text.indexOf('Cannot be read.')).toBeLessThan(text.indexOf('Up to date.'));
    expect(html.length).toBeLessThan(50_000);
    expect(await findMistakes(html)).toEqual([]);
  });

  test('a page of lists that all differ stays small, and leads to a page of each', async () => {
    const differing = (index: number): ListHistory => {
      const words = FULL.split(' ');
      words[1 + (index % 29)] = index % 2 === 0 ? '7L' : '7P';
      words[1 + ((index * 7) % 29)] = '0P';
      return { ...usual, days: words.join(' '), isNewestWhole: index % 3 !== 0 };
    };
    const { html } = await readAll(differing);

    expect(html.length).toBeLessThan(50_000);
    expect(html).toContain('<a href="/status?list=arxiv/');
    expect(await findMistakes(html)).toEqual([]);
    const one = await readAll(differing, '/status?list=arxiv/cs.CL');
    expect(one.text).toContain('arXiv cs.CL');
    expect(one.text).not.toContain('arXiv cs.CV');
  });

  test.each([
    ['arxiv/cs.CL', 'No papers are missing.'],
    ['arxiv/cs.CV', 'We cannot read this list at the moment.'],
  ])('the page of %s begins with its own status: %s', async (list, summary) => {
    const { text } = await readAll(
      (index) => (lists[index] === 'arxiv/cs.CV' ? { ...usual, failuresInARow: 3 } : usual),
      `/status?list=${list}`,
    );

    expect(text).toContain(summary);
    expect(text).not.toContain('They come as soon as we can read them.');
  });
});
