import { describe, expect, test } from '@jest/globals';
import {
  MAX_UNANSWERED,
  type MailAllowance,
  mailAllowanceSchema,
  NEVER_TAKEN,
  takeAllowance,
  UNANSWERED_LAPSE_DAYS,
} from '../../../../shared/domain/subscribers/mail-allowance.ts';
import { addMs, MS_PER_DAY, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { fc } from '../../../fast-check.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const asks = (id: string, asksToConfirm = true) => ({ id, asksToConfirm });

describe('a mailbox', () => {
  const first: MailAllowance = { requestId: 'a', takenAt: NOW, isUsed: false, unanswered: 1, askedAt: NOW };

  test('gets the next mail after 24 hours, and not before', () => {
    expect(takeAllowance(undefined, asks('a'), NOW)).toEqual(first);
    expect(takeAllowance(first, asks('b'), addMs(NOW, MS_PER_DAY - 1))).toBe('refused');
    expect(takeAllowance(first, asks('b'), addMs(NOW, MS_PER_DAY))).toMatchObject({ requestId: 'b' });
  });

  test('gets the mail of a request whose worker died, and no second one for an answered request', () => {
    const later = addMs(NOW, 120_000);

    expect(takeAllowance(first, asks('a'), addMs(NOW, 119_999))).toBe('in-flight');
    expect(takeAllowance(first, asks('a'), later)).toEqual({ ...first, takenAt: later, askedAt: later });
    expect(takeAllowance({ ...first, isUsed: true }, asks('a'), addMs(NOW, MS_PER_DAY * 9))).toBe('refused');
  });

  test('gets a second mail of an answered request after 30 days, also if the record has not expired', () => {
    const used = { ...first, isUsed: true };
    const lapsedAt = addMs(NOW, UNANSWERED_LAPSE_DAYS * MS_PER_DAY);
    const again = takeAllowance(used, asks('a'), lapsedAt);

    expect(takeAllowance(used, asks('a'), addMs(lapsedAt, -1))).toBe('refused');
    expect(again).toEqual({ ...first, takenAt: lapsedAt, askedAt: lapsedAt });
    if (typeof again === 'string') throw new Error(again);
    expect(takeAllowance({ ...again, isUsed: true }, asks('a'), addMs(lapsedAt, MS_PER_DAY))).toBe('refused');
  });

  test('with a retried request for a link is not asked to confirm once more', () => {
    const link: MailAllowance = { requestId: 'b', takenAt: NOW, isUsed: false, unanswered: 0 };
    const later = addMs(NOW, 120_000);

    expect(takeAllowance(link, asks('b', false), later)).toEqual({ ...link, takenAt: later });
  });

  test('gets a mail of the operator or of the link of its owner without a pause', () => {
    const request = { ...asks('b', false), isUnspaced: true };

    expect(takeAllowance(first, request, addMs(NOW, 1))).toMatchObject({ requestId: 'b', unanswered: 1 });
  });

  test('is not kept from other mails by one without a pause', () => {
    const dataLink = (id: string) => ({ ...asks(id, false), isUnspaced: true });
    const take = (known: MailAllowance | undefined, request: ReturnType<typeof asks>, at: string) => {
      const taken = takeAllowance(known, request, at);
      return typeof taken === 'string' ? taken : { ...mailAllowanceSchema.parse(taken), isUsed: true };
    };
    const takeAll = (known: MailAllowance | undefined, hours: number, count: number) => {
      let last = known;
      for (let n = 0; n < count; n += 1) {
        const taken = take(last, dataLink(`d${n}`), addMs(NOW, hours * MS_PER_HOUR));
        if (typeof taken === 'string') throw new Error(taken);
        last = taken;
      }
      return last;
    };
    const linkAfter = (known: MailAllowance | undefined, hours: number) =>
      take(known, asks('link', false), addMs(NOW, hours * MS_PER_HOUR));
    const used = { ...first, isUsed: true };

    expect(linkAfter(takeAll(undefined, 0, 2), 1)).toMatchObject({ requestId: 'link' });
    expect(linkAfter(takeAll({ ...used, unanswered: 0 }, 0, 2), 1)).toMatchObject({ requestId: 'link' });
    expect(linkAfter(takeAll(used, 1, 2), 23)).toBe('refused');
    expect(linkAfter(takeAll(used, 1, 2), 24)).toMatchObject({ requestId: 'link' });
    expect(take(takeAll(used, 1, 2), dataLink('d1'), addMs(NOW, MS_PER_DAY * 9))).toBe('refused');
  });

  test('gets a mail immediately after a released allowance', () => {
    const released = { ...first, takenAt: NEVER_TAKEN };

    expect(mailAllowanceSchema.parse(released)).toEqual(released);
    expect(takeAllowance(released, asks('a'), NOW)).toEqual(first);
    expect(takeAllowance(released, asks('b'), NOW)).toMatchObject({ requestId: 'b', unanswered: 2 });
  });

  test('gets one more mail on the day on which its owner confirmed', () => {
    const answered = { ...first, isUsed: true, unanswered: 0 };
    const later = addMs(NOW, MS_PER_HOUR);
    const link = { requestId: 'b', takenAt: later, isUsed: false, unanswered: 0 };

    const retried = takeAllowance(first, asks('a'), addMs(NOW, 300_000));
    if (typeof retried === 'string') throw new Error(retried);

    expect(takeAllowance(answered, asks('a'), later)).toBe('refused');
    expect(takeAllowance({ ...retried, isUsed: true, unanswered: 0 }, asks('b', false), later)).toEqual(link);
    expect(takeAllowance(answered, asks('b', false), later)).toEqual(link);
    expect(takeAllowance(link, asks('c', false), addMs(later, MS_PER_DAY - 1))).toBe('refused');
    expect(takeAllowance(link, asks('c'), addMs(later, MS_PER_DAY - 1))).toBe('refused');
  });

  test('with three unanswered requests is asked again 30 days after the last, and gets links meanwhile', () => {
    const full: MailAllowance = { ...first, requestId: 'c', isUsed: true, unanswered: MAX_UNANSWERED };
    const lapsedAt = addMs(NOW, UNANSWERED_LAPSE_DAYS * MS_PER_DAY);
    const justBefore = addMs(lapsedAt, -1);

    expect(takeAllowance(full, asks('d'), justBefore)).toBe('refused');
    expect(takeAllowance({ ...full, unanswered: 0 }, asks('d'), justBefore)).toMatchObject({
      requestId: 'd',
    });
    const linked = takeAllowance(full, asks('d', false), justBefore);
    expect(linked).toMatchObject({ unanswered: MAX_UNANSWERED, askedAt: NOW });
    expect(takeAllowance(full, asks('d'), lapsedAt)).toEqual({
      ...first,
      requestId: 'd',
      takenAt: lapsedAt,
      askedAt: lapsedAt,
    });
  });

  test.each([
    ['a minute', 60_000, 'refused', 'in-flight'],
    ['a day', MS_PER_DAY, 'taken', 'taken'],
    ['a century', 36_525 * MS_PER_DAY, 'taken', 'taken'],
  ])('whose record is %s ahead, by a wrong clock, is not held up by it', (_, aheadMs, next, retried) => {
    const ahead = addMs(NOW, aheadMs);
    const record: MailAllowance = { ...first, takenAt: ahead, askedAt: ahead, unanswered: MAX_UNANSWERED };
    const outcomeOf = (known: MailAllowance, request: ReturnType<typeof asks>) => {
      const taken = takeAllowance(known, request, NOW);
      if (typeof taken === 'string') return taken;
      expect(taken).toMatchObject({ requestId: request.id, takenAt: NOW, isUsed: false });
      return 'taken';
    };

    expect(outcomeOf(record, asks('b'))).toBe(next);
    expect(outcomeOf(record, asks('b', false))).toBe(next);
    expect(outcomeOf({ ...record, takenAt: addMs(NOW, -MS_PER_DAY) }, asks('b'))).toBe(next);
    expect(outcomeOf(record, asks('a'))).toBe(retried);
    expect(outcomeOf({ ...record, isUsed: true }, asks('a'))).toBe('refused');
  });

  test('with a record of an earlier version counts from its last mail', () => {
    const { askedAt, ...full }: MailAllowance = { ...first, isUsed: true, unanswered: MAX_UNANSWERED };
    const afterDays = (days: number) => takeAllowance(full, asks('d'), addMs(NOW, days * MS_PER_DAY));

    expect(mailAllowanceSchema.parse(full)).toEqual(full);
    expect([askedAt, afterDays(29)]).toEqual([NOW, 'refused']);
    expect(afterDays(30)).toMatchObject({ requestId: 'd', unanswered: 1 });
  });

  test('gets one mail in 24 hours and three unanswered ones in 30 days, and is never locked for longer', () => {
    const requests = fc.array(
      fc.record({ hours: fc.double({ min: 0, max: 120, noNaN: true }), asksToConfirm: fc.boolean() }),
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

        const confirmations = mailed
          .filter(({ asksToConfirm }) => asksToConfirm)
          .map(({ at }) => Date.parse(at));
        for (const [n, askedAt] of confirmations.slice(MAX_UNANSWERED).entries())
          expect(askedAt - (confirmations[n] ?? 0)).toBeGreaterThanOrEqual(
            UNANSWERED_LAPSE_DAYS * MS_PER_DAY,
          );
        const muchLater = addMs(at, UNANSWERED_LAPSE_DAYS * MS_PER_DAY);
        expect(takeAllowance(known, asks('last'), muchLater)).toMatchObject({ requestId: 'last' });
        for (const [n, { at: sentAt }] of mailed.slice(1).entries())
          expect(Date.parse(sentAt) - Date.parse(mailed[n]?.at ?? '')).toBeGreaterThanOrEqual(MS_PER_DAY);
      }),
    );
  });
});
