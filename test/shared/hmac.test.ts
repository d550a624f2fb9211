import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createHmacSigner } from '../../shared/hmac.ts';
import { fc } from '../fast-check.ts';

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
