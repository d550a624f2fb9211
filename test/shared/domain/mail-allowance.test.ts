import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MAX_UNANSWERED,
  type MailAllowance,
  NEVER_TAKEN,
  takeAllowance,
} from '../../../shared/domain/mail-allowance.ts';
import { addMs, MS_PER_DAY, MS_PER_HOUR } from '../../../shared/domain/time.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const asks = (id: string, asksToConfirm = true) => ({ id, asksToConfirm });

describe('a mailbox', () => {
  const first: MailAllowance = { requestId: 'a', takenAt: NOW, isUsed: false, unanswered: 1 };

  test('is mailed again after 24 hours, and no sooner', () => {
    expect(takeAllowance(undefined, asks('a'), NOW)).toEqual(first);
    expect(takeAllowance(first, asks('b'), addMs(NOW, MS_PER_DAY - 1))).toBe('refused');
    expect(takeAllowance(first, asks('b'), addMs(NOW, MS_PER_DAY))).toMatchObject({ requestId: 'b' });
  });

  test('is mailed by a request whose worker was lost, and by one whose mail went out never again', () => {
    const later = addMs(NOW, 120_000);

    expect(takeAllowance(first, asks('a'), addMs(NOW, 119_999))).toBe('in-hand');
    expect(takeAllowance(first, asks('a'), later)).toEqual({ ...first, takenAt: later });
    expect(takeAllowance({ ...first, isUsed: true }, asks('a'), addMs(NOW, MS_PER_DAY * 9))).toBe('refused');
  });

  test('is mailed at once after a right that was given back', () => {
    const released = { ...first, takenAt: NEVER_TAKEN };

    expect(takeAllowance(released, asks('a'), NOW)).toEqual(first);
    expect(takeAllowance(released, asks('b'), NOW)).toMatchObject({ requestId: 'b', unanswered: 2 });
  });

  test('that never answered is asked to confirm three times, and still gets a link that it asks for', () => {
    const full: MailAllowance = { requestId: 'c', takenAt: NOW, isUsed: true, unanswered: MAX_UNANSWERED };
    const muchLater = addMs(NOW, 900 * MS_PER_DAY);

    expect(takeAllowance(full, asks('d'), muchLater)).toBe('refused');
    expect(takeAllowance(full, asks('d', false), muchLater)).toMatchObject({ unanswered: MAX_UNANSWERED });
    expect(takeAllowance({ ...full, unanswered: 0 }, asks('d'), muchLater)).toMatchObject({ requestId: 'd' });
  });

  test('gets at most one mail in any 24 hours, and three that nobody answers, whoever asks how often', () => {
    const requests = fc.array(
      fc.record({ hours: fc.double({ min: 0, max: 30, noNaN: true }), asksToConfirm: fc.boolean() }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(requests, (asked) => {
        let known: MailAllowance | undefined;
        let at = NOW;
        const mailed: { at: string; asksToConfirm: boolean }[] = [];
        for (const [n, { hours, asksToConfirm }] of asked.entries()) {
          at = addMs(at, Math.round(hours * MS_PER_HOUR));
          const taken = takeAllowance(known, asks(String(n), asksToConfirm), at);
          if (typeof taken === 'string') continue;
          known = { ...taken, isUsed: true };
          mailed.push({ at, asksToConfirm });
        }

        expect(mailed.filter((one) => one.asksToConfirm).length).toBeLessThanOrEqual(MAX_UNANSWERED);
        for (const [n, { at: sentAt }] of mailed.slice(1).entries())
          expect(Date.parse(sentAt) - Date.parse(mailed[n]?.at ?? '')).toBeGreaterThanOrEqual(MS_PER_DAY);
      }),
    );
  });
});
