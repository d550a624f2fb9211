import { describe, expect, test } from '@jest/globals';
import type { DeliveryKey } from '../../../shared/domain/digests/delivery.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import {
  parseAccountTags,
  parseDeliveryTags,
  toAccountTags,
  toDeliveryTags,
} from '../../../shared/mail/mail-tags.ts';
import { fc } from '../../fast-check.ts';

describe('the tags of a delivery', () => {
  test('contain only what SES accepts', () => {
    const key = { subscriberId: 'x7_Yz-09', cadence: 'instant', period: '2026-01-05T08:15Z' } as const;
    expect(toDeliveryTags(key)).toEqual({
      cadence: 'instant',
      period: '2026-01-05T08_15Z',
      subscriber: 'x7_Yz-09',
    });
  });

  test('lead back to the delivery', () => {
    const key: fc.Arbitrary<DeliveryKey> = fc.record({
      subscriberId: fc.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      cadence: fc.constantFrom('instant' as const, 'daily' as const, 'weekly' as const, 'monthly' as const),
      period: fc.constantFrom('2026-01-05', '2026-W02', '2026-01', '2026-01-05T08:15Z'),
    });
    fc.assert(
      fc.property(key, (delivery) => {
        const tags = toDeliveryTags(delivery);
        for (const value of Object.values(tags)) expect(value).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
        expect(parseDeliveryTags(tags)).toEqual(delivery);
      }),
    );
  });

  test.each(['a b', 'a\r\nb', 'ä', '', 'x'.repeat(257)])('refuse the id %j', (subscriberId) => {
    expect(() => toDeliveryTags({ subscriberId, cadence: 'daily', period: '2026-01-05' })).toThrow(
      InvalidInputError,
    );
  });

  test('of another mail give no delivery', () => {
    expect(parseDeliveryTags({ purpose: 'confirmation' })).toBeUndefined();
    expect(parseDeliveryTags({ cadence: 'hourly', period: '2026-01-05', subscriber: 'x' })).toBeUndefined();
    expect(parseDeliveryTags(undefined)).toBeUndefined();
  });
});

test('the tags of an account mail give its subscriber and no digest', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/), (id) => {
      const tags = toAccountTags(id);
      expect(parseAccountTags({ ...tags, 'ses:configuration-set': ['x'] })).toBe(id);
      expect(parseDeliveryTags(tags)).toBeUndefined();
    }),
  );
});

test('an id that SES would not accept in a tag is refused', () => {
  for (const id of ['', 'a b', 'a\r\nb', 'ü', 'a.b', 'x'.repeat(257)]) {
    expect(() => toAccountTags(id)).toThrow(InvalidInputError);
  }
});

test('the tags of a digest, other tags and missing tags give no account mail', () => {
  const digest = toDeliveryTags({ subscriberId: 'a', cadence: 'daily', period: '2026-01-07' });
  for (const tags of [
    digest,
    { subscriber: 'a' },
    { mail: 'account' },
    { mail: 'x', subscriber: 'a' },
    {},
    null,
  ]) {
    expect(parseAccountTags(tags)).toBeUndefined();
  }
});
