import { expect, test } from '@jest/globals';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { fc } from '../../fast-check.ts';

const KEY = 'a key for the ids of tests, long enough';

test('an address has one id, in any case and with any spaces around it', () => {
  const id = toSubscriberId('ada@example.org', KEY);

  expect(toSubscriberId('  Ada@Example.ORG\n', KEY)).toBe(id);
  expect(toSubscriberId('ada+papers@example.org', KEY)).not.toBe(id);
  expect(toSubscriberId('ada@example.net', KEY)).not.toBe(id);
});

test('the id of an address never changes, because the tables use it', () => {
  expect(toSubscriberId('ada@example.org', KEY)).toBe('swQIHBHZPtYiXMvT9jPjlg');
});

test('an id is 22 characters that a key, a URL and a mail tag can hold', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      expect(toSubscriberId(address, KEY)).toMatch(/^[A-Za-z0-9_-]{22}$/);
    }),
  );
});

test('an id cannot be traced to an address without the key', () => {
  fc.assert(
    fc.property(fc.emailAddress(), fc.string(), (address, otherKey) => {
      fc.pre(otherKey !== KEY);
      expect(toSubscriberId(address, otherKey)).not.toBe(toSubscriberId(address, KEY));
    }),
  );
});
