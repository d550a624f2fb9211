import { describe, expect, test } from '@jest/globals';
import { type DemoSummary, findFaults, toTable, toTotals } from '../../../local/demo/summary.ts';

const summarize = (overrides: Partial<DemoSummary> = {}): DemoSummary => ({
  itemsRead: 40,
  itemsRejected: 0,
  recordingsBroken: 0,
  rejections: [],
  papersIngested: 40,
  due: 3,
  ...toTotals({ sent: 3 }),
  outbox: '/outbox',
  problems: [],
  ...overrides,
});

describe('the summary of a cycle', () => {
  test('counts digests with an unknown send status, including claimed ones', () => {
    const totals = toTotals({ sent: 4, 'skipped:nothing-new': 2, failed: 1, uncertain: 1, claimed: 2 });

    expect(totals).toEqual({ sent: 4, skipped: { 'nothing-new': 2 }, failed: 1, uncertain: 3 });
  });

  test('shows every count, including uncertain digests', () => {
    const table = toTable('2026-01-06', summarize({ ...toTotals({ sent: 2, uncertain: 1 }) }));

    expect(table).toBe(
      [
        'Lists up to 2026-01-06, digests at 2026-01-07 05:00 UTC',
        '',
        '  items read         40',
        '  items rejected      0',
        '  papers ingested    40',
        '  digests due         3',
        '  sent                2',
        '  skipped             0',
        '  failed              0',
        '  uncertain           1',
        '',
        'Uncertain: 1 of 3 digests due may have been sent',
        'Mails written to /outbox',
      ].join('\n'),
    );
  });
});

describe('the folder of the mails', () => {
  test.each([
    [{ sent: 1 }, 'Mails written to /outbox'],
    [{ uncertain: 1 }, 'Mails written to /outbox'],
    [{ 'skipped:nothing-new': 2, failed: 1 }, 'No mail was written'],
  ])('is named only if a mail may be in it: %j', (counts, line) => {
    const table = toTable('2026-01-06', summarize(toTotals(counts)));

    expect(table.split('\n').at(-1)).toBe(line);
  });
});

describe('the rejected items of a cycle', () => {
  const summary = summarize({
    itemsRejected: 3,
    rejections: [
      { asked: '2026-01-06 page 0', item: '2601.00001', reason: 'paper.title is null; expected a text' },
      { asked: '2026-01-06 page 0', item: '#7', reason: 'paper is missing' },
    ],
  });

  test('are listed on demand, and the rest is counted', () => {
    const lines = toTable('2026-01-06', summary, true).split('\n');

    expect(lines.filter((line) => line.startsWith('Rejected'))).toEqual([
      'Rejected: 2026-01-06 page 0: 2601.00001: paper.title is null; expected a text',
      'Rejected: 2026-01-06 page 0: #7: paper is missing',
      'Rejected: 1 more',
    ]);
  });

  test('are only counted otherwise', () => {
    expect(toTable('2026-01-06', summary)).not.toContain('Rejected:');
    expect(toTable('2026-01-06', summary)).toMatch(/items rejected +3/);
  });
});

describe('the faults of a cycle', () => {
  test.each([
    ['sent', { sent: 3 }],
    ['sent or skipped', { sent: 1, 'skipped:paused': 2 }],
  ])('are none when every digest due was %s', (_, counts) => {
    expect(findFaults(summarize(toTotals(counts)))).toEqual([]);
  });

  test.each([
    [{ sent: 2, failed: 1 }, 'Failed: 1 of 3 digests due'],
    [{ sent: 1, uncertain: 1, claimed: 1 }, 'Uncertain: 2 of 3 digests due may have been sent'],
    [{ 'skipped:nothing-new': 1 }, 'Unaccounted: 2 of 3 digests due have no known outcome'],
  ])('count the due digests that were neither sent nor skipped: %j', (counts, fault) => {
    const summary = summarize(toTotals(counts));

    expect(findFaults(summary)).toEqual([fault]);
    expect(toTable('2026-01-06', summary).split('\n')).toContain(fault);
  });

  test('name what could not be read', () => {
    const summary = summarize({ problems: ['2026-01-04 page 0: HTTP 500'] });

    const fault = 'Problem: 2026-01-04 page 0: HTTP 500';
    expect(findFaults(summary)).toEqual([fault]);
    expect(toTable('2026-01-06', summary).split('\n')).toContain(fault);
  });
});
