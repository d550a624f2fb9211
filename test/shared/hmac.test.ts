import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createHmacSigner, timingSafeEqualText } from '../../shared/hmac.ts';
import { fc } from '../fast-check.ts';

test.each([
  ['', '', true],
  ['ä1', 'ä1', true],
  ['ä1', 'ä2', false],
  ['ä1', 'ä', false],
  ['ä', 'a', false],
])('%j and %j are equal: %s', (expected, given, isEqual) => {
  expect(timingSafeEqualText(expected, given)).toBe(isEqual);
});

test('signs as Node.js does, with keys and texts of any length, one after the other', () => {
  const key = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(key, fc.array(fc.string({ unit: 'binary', maxLength: 1_500 })), (secret, texts) => {
      const sign = createHmacSigner(secret);

      expect(texts.map((text) => sign(text).toString('hex'))).toEqual(
        texts.map((text) => createHmac('sha256', secret).update(text).digest('hex')),
      );
    }),
  );
});
