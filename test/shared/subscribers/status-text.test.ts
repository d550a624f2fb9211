import { expect, test } from '@jest/globals';
import { toChangeText } from '../../../shared/subscribers/status-text.ts';

const AT = '2026-01-05T08:00:00.000Z';

test('an unconfirmed address has signed up', () => {
  const change = { status: 'unconfirmed', at: AT, by: 'sign-up' } as const;

  expect(toChangeText(change)).toBe('signed up on 5 January 2026 at 08:00 UTC');
});

test.each([
  ['bounced', 'operator', 'restored on 5 January 2026 at 08:00 UTC by the operator'],
  ['complained', 'operator', 'restored on 5 January 2026 at 08:00 UTC by the operator'],
  ['unsubscribed', 'page', 'subscribed again on 5 January 2026 at 08:00 UTC on the manage page'],
  ['paused', 'page', 'resumed on 5 January 2026 at 08:00 UTC on the manage page'],
  [undefined, 'operator', 'confirmed on 5 January 2026 at 08:00 UTC by the operator'],
] as const)('a confirmation after the status %s by the origin %s in words', (before, by, text) => {
  expect(toChangeText({ status: 'confirmed', at: AT, by }, before)).toBe(text);
});
