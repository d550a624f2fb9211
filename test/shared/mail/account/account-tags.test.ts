import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInputError } from '../../../../shared/domain/errors.ts';
import { parseAccountTags, toAccountTags } from '../../../../shared/mail/account/account-tags.ts';
import { parseDeliveryTags, toDeliveryTags } from '../../../../shared/mail/delivery-tags.ts';

test('the tags of an account mail give its subscriber back, and no digest', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/), (id) => {
      const tags = toAccountTags(id);
      expect(parseAccountTags({ ...tags, 'ses:configuration-set': ['x'] })).toBe(id);
      expect(parseDeliveryTags(tags)).toBeUndefined();
    }),
  );
});

test('an id that SES takes in no tag is refused', () => {
  for (const id of ['', 'a b', 'a\r\nb', 'ü', 'a.b', 'x'.repeat(257)]) {
    expect(() => toAccountTags(id)).toThrow(InvalidInputError);
  }
});

test('the tags of a digest, of somebody else and no tags at all name no account mail', () => {
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
