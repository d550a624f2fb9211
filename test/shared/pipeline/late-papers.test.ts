import { expect, test } from '@jest/globals';
import type { Cadence } from '../../../shared/domain/subscribers/cadence.ts';
import { toLateText } from '../../../shared/mail/digest-content.ts';
import { createFindLate } from '../../../shared/pipeline/late-papers.ts';
import { toListDayPapers } from '../../../shared/snapshots/list-day.ts';
import { createPaper } from '../../factories/papers.ts';

const [TUESDAY, WEDNESDAY, NEXT_WEDNESDAY] = ['2026-03-03', '2026-03-04', '2026-03-11'];

/** What the card of a paper of this list and day says in a digest. */
function textOf(
  list: string,
  day: string,
  now: string,
  cadence: Cadence = 'daily',
  today = now.slice(0, 10),
) {
  const others = ['2603.00001', '2603.00003'].map((id) => createPaper({ id }));
  const listDay = toListDayPapers({ list, day }, [...others, createPaper({ id: '2603.00002' })]);
  const late = createFindLate([listDay], now)(cadence, [list], ['2603.00002', '2603.99999']);
  return toLateText(late.get('2603.00002'), today);
}

test.each([
  ['a batch of today in Berlin', textOf('arxiv/cs.CL', WEDNESDAY, '2026-03-04T07:00:00.000Z'), undefined],
  [
    'a batch of yesterday in Berlin',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-04T07:00:00.000Z'),
    'announced yesterday',
  ],
  // The batch of Wednesday is announced at this time, and is read a few minutes later.
  [
    'the newest batch that a digest at midnight in New York can have',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-04T05:00:00.000Z'),
    undefined,
  ],
  [
    'a batch that a digest at midnight in New York should have had a day before',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-05T05:00:00.000Z'),
    'announced on Tuesday',
  ],
  // In New York it is still Wednesday, so this batch is the newest.
  [
    'a batch in Tokyo, on time',
    textOf('arxiv/cs.CL', WEDNESDAY, '2026-03-04T23:00:00.000Z', 'daily', '2026-03-05'),
    undefined,
  ],
  [
    'a batch in Tokyo, a day late',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-04T23:00:00.000Z', 'daily', '2026-03-05'),
    'announced on Tuesday',
  ],
  [
    'an instant digest on time',
    textOf('arxiv/cs.CL', WEDNESDAY, '2026-03-04T05:30:00.000Z', 'instant'),
    undefined,
  ],
  [
    'an instant digest of a late batch',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-04T07:00:00.000Z', 'instant'),
    'announced yesterday',
  ],
  [
    'a weekly digest of its week',
    textOf('arxiv/cs.CL', NEXT_WEDNESDAY, '2026-03-13T07:00:00.000Z', 'weekly'),
    undefined,
  ],
  [
    'a weekly digest of the week before',
    textOf('arxiv/cs.CL', WEDNESDAY, '2026-03-13T07:00:00.000Z', 'weekly'),
    'announced on 4 Mar',
  ],
  [
    'a batch that a weekly digest is the first to have',
    textOf('arxiv/cs.CL', '2026-03-05', '2026-03-11T07:00:00.000Z', 'weekly'),
    undefined,
  ],
  [
    'a batch that a weekly digest of a week before should have had',
    textOf('arxiv/cs.CL', WEDNESDAY, '2026-03-11T07:00:00.000Z', 'weekly'),
    'announced on 4 Mar',
  ],
  [
    'a batch that a monthly digest is the first to have',
    textOf('arxiv/cs.CL', WEDNESDAY, '2026-04-03T07:00:00.000Z', 'monthly'),
    undefined,
  ],
  [
    'a batch that a monthly digest of a month before should have had',
    textOf('arxiv/cs.CL', TUESDAY, '2026-04-03T07:00:00.000Z', 'monthly'),
    'announced on 3 Mar',
  ],
  // The digest of the day before went out less than half an hour after the announcement.
  [
    'a batch that may not have been read when the last digest went out',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-04T05:29:00.000Z'),
    undefined,
  ],
  [
    'a batch that was read when the last digest went out',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-04T05:30:00.000Z'),
    'announced yesterday',
  ],
  [
    'an instant digest of a batch of the day before, at the next announcement',
    textOf('arxiv/cs.CL', TUESDAY, '2026-03-04T05:00:00.000Z', 'instant'),
    'announced yesterday',
  ],
  // In Tokyo it is already Thursday, but not where the lists are.
  [
    'an instant digest in Tokyo of the newest batch',
    textOf('arxiv/cs.CL', WEDNESDAY, '2026-03-04T20:00:00.000Z', 'instant', '2026-03-05'),
    undefined,
  ],
  [
    'an instant digest in Tokyo of the newest day',
    textOf('hf-daily', WEDNESDAY, '2026-03-04T20:00:00.000Z', 'instant', '2026-03-05'),
    undefined,
  ],
  ['papers that came in the afternoon', textOf('hf-daily', TUESDAY, '2026-03-04T07:00:00.000Z'), undefined],
  [
    'papers that were due before the last digest',
    textOf('hf-daily', TUESDAY, '2026-03-04T15:00:00.000Z'),
    'listed yesterday',
  ],
  [
    'a feed, whose papers are never due',
    textOf('feed/Distill', TUESDAY, '2026-03-09T15:00:00.000Z'),
    undefined,
  ],
  ['a list that is no longer known', textOf('gone', TUESDAY, '2026-03-09T15:00:00.000Z'), undefined],
])('%s', (_, text, expected) => {
  expect(text).toBe(expected);
});

test('a paper with a new listing on another list is not late', () => {
  const paper = createPaper({ id: '2603.00002' });
  const days = [
    toListDayPapers({ list: 'arxiv/cs.CL', day: TUESDAY ?? '' }, [paper]),
    toListDayPapers({ list: 'arxiv/cs.LG', day: WEDNESDAY ?? '' }, [paper]),
  ];
  const find = createFindLate(days, '2026-03-04T07:00:00.000Z');

  expect(find('daily', ['arxiv/cs.CL', 'arxiv/cs.LG'], [paper.id]).size).toBe(0);
  expect(find('daily', ['arxiv/cs.CL'], [paper.id]).get(paper.id)).toEqual({
    list: 'arxiv/cs.CL',
    day: TUESDAY,
  });
});

test('a late paper on several days is named with the newest', () => {
  const paper = createPaper({ id: '2603.00002' });
  const days = ['2026-03-02', TUESDAY ?? ''].map((day) =>
    toListDayPapers({ list: 'arxiv/cs.CL', day }, [paper]),
  );

  const late = createFindLate(days, '2026-03-04T07:00:00.000Z')('daily', ['arxiv/cs.CL'], [paper.id]);

  expect(late.get(paper.id)?.day).toBe(TUESDAY);
});

test('each cadence and each list has its own newest late day', () => {
  const paper = createPaper({ id: '2603.00002' });
  const days = ['arxiv/cs.CL', 'hf-daily'].map((list) =>
    toListDayPapers({ list, day: TUESDAY ?? '' }, [paper]),
  );
  const find = createFindLate(days, '2026-03-04T07:00:00.000Z');
  const isLate = (cadence: Cadence, list: string) => find(cadence, [list], [paper.id]).size > 0;

  expect([isLate('daily', 'arxiv/cs.CL'), isLate('weekly', 'arxiv/cs.CL')]).toEqual([true, false]);
  expect(isLate('daily', 'hf-daily')).toBe(false);
});
