import { describe, expect, test } from '@jest/globals';
import { type ClaimedMail, type Expectation, type History, judge } from './history.ts';

const DIGEST = 'reader-001 daily 2026-02-02';
const OWED: Expectation = { due: [DIGEST], mayRepeatDoubtful: false };
const NOTHING_OWED: Expectation = { due: [], mayRepeatDoubtful: false };

function createMail(overrides: Partial<ClaimedMail> = {}): ClaimedMail {
  return {
    messageId: 'mail-1',
    to: 'reader-001@example.org',
    digest: 'daily 2026-02-02',
    tags: { subscriber: 'reader-001' },
    paperIds: ['2602.00201'],
    at: '2026-02-02T08:00:01.000Z',
    claimedAt: '2026-02-02T08:00:00.000Z',
    ...overrides,
  };
}

function createHistory(overrides: Partial<History> = {}): History {
  return {
    mails: [createMail()],
    endedAt: new Map(),
    changed: new Set(),
    doubtful: new Set(),
    everDoubtful: new Set(),
    ...overrides,
  };
}

describe('a history', () => {
  test('in which every digest was mailed once has no finding', () => {
    expect(judge(createHistory(), OWED)).toEqual({
      duplicates: [],
      unwanted: [],
      uninvited: [],
      misaddressed: [],
      repeatedPapers: [],
      losses: [],
      inDoubt: [],
    });
  });

  test('reports a digest that was mailed twice', () => {
    const mails = [createMail(), createMail({ messageId: 'mail-2' })];

    expect(judge(createHistory({ mails }), OWED).duplicates).toEqual([DIGEST]);
  });

  test('accepts a second mail after an unknown send status, if repeats are allowed', () => {
    const mails = [createMail(), createMail({ messageId: 'mail-2' })];
    const wanted = { ...OWED, mayRepeatDoubtful: true };

    expect(judge(createHistory({ mails }), wanted).duplicates).toEqual([DIGEST]);
    const everDoubtful = new Set([DIGEST]);
    expect(judge(createHistory({ mails, everDoubtful }), wanted).duplicates).toEqual([]);
    expect(judge(createHistory({ mails, everDoubtful }), OWED).duplicates).toEqual([DIGEST]);
  });

  test('reports a digest that was not due, except an instant one', () => {
    const mails = [createMail(), createMail({ digest: 'instant 2026-02-02T08:00Z', paperIds: [] })];

    expect(judge(createHistory({ mails }), NOTHING_OWED).uninvited).toEqual([DIGEST]);
  });

  test('reports a mail to another address', () => {
    const mails = [createMail({ to: 'reader-0012@example.org' })];

    expect(judge(createHistory({ mails }), OWED).misaddressed).toEqual([DIGEST]);
  });

  test('reports a paper in a second digest, but not in a repeat of the same digest', () => {
    const mails = [createMail(), createMail({ messageId: 'mail-2' })];
    const other = createMail({ digest: 'daily 2026-02-03' });

    expect(judge(createHistory({ mails }), OWED).repeatedPapers).toEqual([]);
    expect(judge(createHistory({ mails: [...mails, other] }), OWED).repeatedPapers).toEqual([
      'reader-001 2602.00201',
    ]);
  });

  test('reports a digest that was due and not mailed, unless a fault made its send status unknown', () => {
    const mails: ClaimedMail[] = [];

    expect(judge(createHistory({ mails }), OWED)).toMatchObject({ losses: [DIGEST], inDoubt: [] });
    expect(judge(createHistory({ mails, doubtful: new Set([DIGEST]) }), OWED)).toMatchObject({
      losses: [],
      inDoubt: [DIGEST],
    });
  });

  test('expects no digest for a subscriber who changed something', () => {
    const history = createHistory({ mails: [], changed: new Set(['reader-001']) });

    expect(judge(history, OWED)).toMatchObject({ losses: [], inDoubt: [] });
  });

  test.each([
    ['before', '2026-02-02T08:00:00.500Z', []],
    ['after', '2026-02-02T07:59:59.000Z', [DIGEST]],
  ])('judges a mail that was claimed %s the reader had left', (_, endedAt, unwanted) => {
    const history = createHistory({ endedAt: new Map([['reader-001', endedAt]]) });

    expect(judge(history, OWED).unwanted).toEqual(unwanted);
  });

  test('reports a mail that was claimed in time and sent long after its reader had left', () => {
    const mails = [createMail({ at: '2026-02-02T08:03:00.000Z' })];
    const endedAt = new Map([['reader-001', '2026-02-02T08:00:01.000Z']]);

    expect(judge(createHistory({ mails, endedAt }), OWED).unwanted).toEqual([DIGEST]);
  });

  test('reports a mail without a claim to a reader who had left', () => {
    const history = createHistory({
      mails: [createMail({ claimedAt: undefined })],
      endedAt: new Map([['reader-001', '2026-02-03T00:00:00.000Z']]),
    });

    expect(judge(history, NOTHING_OWED).unwanted).toEqual([DIGEST]);
  });
});
