import { describe, expect, test } from '@jest/globals';
import { type ClaimedMail, type History, judge } from './history.ts';

const DIGEST = 'reader-001 daily 2026-02-02';

function createMail(overrides: Partial<ClaimedMail> = {}): ClaimedMail {
  return {
    messageId: 'mail-1',
    to: 'reader-001@example.org',
    digest: 'daily 2026-02-02',
    tags: { subscriber: 'reader-001' },
    at: '2026-02-02T08:00:01.000Z',
    claimedAt: '2026-02-02T08:00:00.000Z',
    ...overrides,
  };
}

function createHistory(overrides: Partial<History> = {}): History {
  return { mails: [createMail()], endedAt: new Map(), changed: new Set(), inDoubt: new Set(), ...overrides };
}

describe('a history', () => {
  test('in which every digest was mailed once is without fault', () => {
    expect(judge(createHistory(), [DIGEST])).toEqual({
      duplicates: [],
      unwanted: [],
      losses: [],
      missing: [],
    });
  });

  test('tells of a digest that was mailed twice', () => {
    const mails = [createMail(), createMail({ messageId: 'mail-2' })];

    expect(judge(createHistory({ mails }), [DIGEST]).duplicates).toEqual([DIGEST]);
  });

  test('tells of a digest that was due and not mailed, unless a fault put it in doubt', () => {
    const mails: ClaimedMail[] = [];

    expect(judge(createHistory({ mails }), [DIGEST])).toMatchObject({ losses: [DIGEST], missing: [] });
    expect(judge(createHistory({ mails, inDoubt: new Set([DIGEST]) }), [DIGEST])).toMatchObject({
      losses: [],
      missing: [DIGEST],
    });
  });

  test('expects nothing of whoever changed something', () => {
    const history = createHistory({ mails: [], changed: new Set(['reader-001']) });

    expect(judge(history, [DIGEST])).toMatchObject({ losses: [], missing: [] });
  });

  test.each([
    ['before', '2026-02-02T08:00:00.500Z', []],
    ['after', '2026-02-02T07:59:59.000Z', [DIGEST]],
  ])('of a mail that was claimed %s the reader had left finds what is right', (_, endedAt, unwanted) => {
    const history = createHistory({ endedAt: new Map([['reader-001', endedAt]]) });

    expect(judge(history, [DIGEST]).unwanted).toEqual(unwanted);
  });

  test('tells of a mail to somebody who had left that was sent without a claim', () => {
    const history = createHistory({
      mails: [createMail({ claimedAt: undefined })],
      endedAt: new Map([['reader-001', '2026-02-03T00:00:00.000Z']]),
    });

    expect(judge(history, []).unwanted).toEqual([DIGEST]);
  });
});
