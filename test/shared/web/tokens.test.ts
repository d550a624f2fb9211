import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { addMs, MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import type { LinkKey } from '../../../shared/subscribers/keys.ts';
import { createSubscriberLinks, SUBSCRIBER_PATHS } from '../../../shared/web/links.ts';
import { mailedSignUpOf, openToken, signToken, type TokenPurpose } from '../../../shared/web/tokens.ts';
import { fc } from '../../fast-check.ts';
import { isThorough } from '../../thorough.ts';

const KEY = createLinkKey('a key for the links of tests, long enough');
const NOW = '2026-01-05T08:00:00.000Z';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const tokenPurposes = [
  'manage',
  'unsubscribe',
  'mute',
  'confirm',
  'data',
] as const satisfies readonly TokenPurpose[];
const purposes = fc.constantFrom(...tokenPurposes);
/** What `toSubscriberId` makes: 22 characters of base64url. */
const ids = fc
  .array(fc.constantFrom(...ALPHABET), { minLength: 22, maxLength: 22 })
  .map((characters) => characters.join(''));
/** Returns the subscriber of a genuine token. */
const verifyToken = (...sent: Parameters<typeof openToken>) => openToken(...sent)?.subscriberId;

const keys = fc.string({ minLength: 32, maxLength: 64 }).map((key) => createLinkKey(key));

function createLinkKey(key: string, id = '1'): LinkKey {
  return { id, key, activeFrom: '2026-01-01T00:00:00.000Z' };
}

describe('a token', () => {
  test('names its subscriber, and is safe in a URL', () => {
    fc.assert(
      fc.property(purposes, ids, keys, (purpose, id, key) => {
        const token = signToken(purpose, id, key, NOW);

        expect(verifyToken(purpose, token, [key], NOW)).toBe(id);
        expect(token).toMatch(/^1\.[A-Za-z0-9_-]{22}(\.\d{10})?\.[A-Za-z0-9_-]{32}$/);
      }),
    );
  });

  test('is refused if a line break joins two of its parts', () => {
    for (const purpose of tokenPurposes) {
      const token = signToken(purpose, 'x'.repeat(22), KEY, NOW, NOW);
      const dots = [...token.matchAll(/\./g)].map(({ index }) => index);
      for (const at of dots) {
        const joined = `${token.slice(0, at)}\n${token.slice(at + 1)}`;
        expect(openToken(purpose, joined, [KEY], NOW)).toBeUndefined();
      }
    }
  });

  test('is refused if any one character differs', () => {
    fc.assert(
      fc.property(
        purposes,
        ids,
        fc.nat(),
        fc.constantFrom(...ALPHABET, '.', '=', '%', ' '),
        (purpose, id, n, other) => {
          const token = signToken(purpose, id, KEY, NOW);
          const at = n % token.length;
          fc.pre(token[at] !== other);

          const altered = token.slice(0, at) + other + token.slice(at + 1);

          expect(verifyToken(purpose, altered, [KEY], NOW)).toBeUndefined();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('is refused if it is cut short or has more characters', () => {
    const token = signToken('unsubscribe', 'q83vEjRWeJCrze8SNFZ4kA', KEY, NOW);
    const cut = Array.from(token, (_, length) => token.slice(0, length));
    const longer = ['=', 'A', '.', '.A', '\n', ' ', '%00'].map((more) => token + more);

    for (const wrong of [...cut, ...longer, ` ${token}`, `.${token}`]) {
      expect(verifyToken('unsubscribe', wrong, [KEY], NOW)).toBeUndefined();
    }
    expect(verifyToken('unsubscribe', token, [KEY], NOW)).toBe('q83vEjRWeJCrze8SNFZ4kA');
  });

  test('is refused for another purpose, another subscriber and another key', () => {
    fc.assert(
      fc.property(purposes, purposes, ids, ids, keys, (purpose, otherPurpose, id, otherId, otherKey) => {
        const token = signToken(purpose, id, KEY, NOW);

        if (otherPurpose !== purpose) expect(verifyToken(otherPurpose, token, [KEY], NOW)).toBeUndefined();
        if (otherId !== id)
          expect(verifyToken(purpose, token.replace(id, otherId), [KEY], NOW)).toBeUndefined();
        expect(verifyToken(purpose, token, [otherKey], NOW)).toBeUndefined();
      }),
    );
  });

  test('is valid while the key that signed it is known', () => {
    const keys = ['1', '2', '3'].map((id) => createLinkKey(`${id} a key for the links of tests`, id));
    const tokens = keys.map((key) => signToken('unsubscribe', 'q83vEjRWeJCrze8SNFZ4kA', key, NOW));
    const verifiedWith = (known: readonly LinkKey[]) =>
      tokens.map((token) => verifyToken('unsubscribe', token, known, NOW) !== undefined);

    expect(verifiedWith(keys)).toEqual([true, true, true]);
    expect(verifiedWith(keys.slice(1))).toEqual([false, true, true]);
  });

  test('is valid until 90 days after another key replaced the one that signed it', () => {
    const replacedAt = '2026-01-05T08:00:00.000Z';
    const next = { ...createLinkKey('the next key for the links of tests', '2'), activeFrom: replacedAt };
    const token = signToken('unsubscribe', 'q83vEjRWeJCrze8SNFZ4kA', KEY, NOW);
    const isValidAfter = (ms: number) =>
      verifyToken('unsubscribe', token, [KEY, next], addMs(replacedAt, ms)) !== undefined;

    expect(isValidAfter(90 * MS_PER_DAY - 1)).toBe(true);
    expect(isValidAfter(90 * MS_PER_DAY)).toBe(false);
  });

  test('is refused with the id of another key with the same text', () => {
    const token = signToken('unsubscribe', 'q83vEjRWeJCrze8SNFZ4kA', KEY, NOW);
    const other = { ...KEY, id: '2' };

    expect(verifyToken('unsubscribe', token.replace(/^1/, '2'), [KEY, other], NOW)).toBeUndefined();
  });

  test('to confirm works for 48 hours, and is refused if its time is changed', () => {
    const token = signToken('confirm', 'q83vEjRWeJCrze8SNFZ4kA', KEY, NOW);
    const [keyId, id, expiry = '', signature] = token.split('.');
    const verifiedAt = (at: string, given = token) => verifyToken('confirm', given, [KEY], at);
    const later = [keyId, id, String(Number(expiry) + 1), signature].join('.');

    expect(verifiedAt('2026-01-07T07:59:59.000Z')).toBe(id);
    expect(verifiedAt('2026-01-07T08:00:00.000Z')).toBeUndefined();
    expect(verifiedAt(NOW, later)).toBeUndefined();
    expect(verifiedAt(NOW, [keyId, id, signature].join('.'))).toBeUndefined();
  });

  const FORGERIES = isThorough ? 1_000_000 : 20_000;

  test(`is refused in each of ${FORGERIES} forgeries: altered, cut, swapped in purpose, signed by another key`, () => {
    const ID = 'q83vEjRWeJCrze8SNFZ4kA';
    const other = createLinkKey('another key for the links of tests, long enough');
    const genuine = tokenPurposes.map((purpose) => signToken(purpose, ID, KEY, NOW));
    const foreign = tokenPurposes.map((purpose) => signToken(purpose, ID, other, NOW));
    // Without fast-check, because a million runs of a property would take minutes.
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    const letter = () => ALPHABET.charAt(random(ALPHABET.length));
    const forge = [
      (token: string) => {
        const at = random(token.length);
        return token.slice(0, at) + letter() + token.slice(at + 1);
      },
      (token: string) => token.slice(0, random(token.length)),
      (token: string) => `${token.slice(0, -32)}${Array.from({ length: 32 }, letter).join('')}`,
      (token: string) => token + letter(),
      (_: string, n: number) => foreign[n % 4] ?? '',
      (_: string, n: number) => genuine[(n + 1 + random(3)) % 4] ?? '',
    ];

    let accepted = 0;
    let tried = 0;
    for (let n = 0; tried < FORGERIES; n += 1) {
      const token = genuine[n % 4] ?? '';
      const forged = forge[random(forge.length)]?.(token, n) ?? '';
      if (forged === token) continue;
      tried += 1;
      if (verifyToken(tokenPurposes[n % 4] ?? 'manage', forged, [KEY], NOW)) accepted += 1;
    }

    expect(accepted).toBe(0);
  });

  test('to export and erase works for half an hour', () => {
    const token = signToken('data', 'q83vEjRWeJCrze8SNFZ4kA', KEY, NOW);
    const at = (time: string) => verifyToken('data', token, [KEY], `2026-01-05T${time}.000Z`) !== undefined;

    expect([at('08:29:59'), at('08:30:00')]).toEqual([true, false]);
  });

  test('to manage or unsubscribe from an earlier version still works', () => {
    const ID = 'q83vEjRWeJCrze8SNFZ4kA';
    for (const purpose of ['manage', 'unsubscribe'] as const) {
      const hash = createHmac('sha256', KEY.key).update([purpose, KEY.id, ID].join('\n')).digest();
      const token = [KEY.id, ID, hash.subarray(0, 24).toString('base64url')].join('.');

      expect(openToken(purpose, token, [KEY], NOW)).toEqual({ subscriberId: ID });
    }
  });

  test('says when it was signed, except to unsubscribe', () => {
    const told = tokenPurposes.map(
      (one) => openToken(one, signToken(one, 'ada', KEY, NOW), [KEY], NOW)?.signedAt,
    );

    expect(told).toEqual([NOW, undefined, NOW, NOW, NOW]);
  });

  test('to confirm names its sign-up, and is refused if that name is changed', () => {
    const at = '2026-01-05T07:59:58.123Z';
    const token = signToken('confirm', 'ada', KEY, NOW, at);
    const [keyId, id, expiry, signUpMs, signature] = token.split('.');
    const verify = (...claims: unknown[]) => openToken('confirm', claims.join('.'), [KEY], NOW);

    const opened = verify(token);
    expect(opened).toEqual({ subscriberId: 'ada', signedAt: NOW, signUpAt: at });
    expect(opened && mailedSignUpOf(opened)).toEqual({ signUpAt: at });
    expect(verify(keyId, id, expiry, Number(signUpMs) + 1, signature)).toBeUndefined();
    expect(verify(keyId, id, expiry, signature)).toBeUndefined();
  });

  test('to confirm from an earlier version has the time of its mail', () => {
    const opened = openToken('confirm', signToken('confirm', 'ada', KEY, NOW), [KEY], NOW);
    expect(opened && mailedSignUpOf(opened)).toEqual({ mailedAt: NOW });
  });

  test('is never found in a text without a signature', () => {
    fc.assert(
      fc.property(purposes, fc.string(), (purpose, text) => {
        expect(verifyToken(purpose, text, [KEY], NOW)).toBeUndefined();
      }),
    );
  });
});

describe('the links of a subscriber', () => {
  const ID = 'q83vEjRWeJCrze8SNFZ4kA';

  test.each([
    ['https://daily.example.org', 'https://daily.example.org'],
    ['https://daily.example.org/', 'https://daily.example.org'],
    ['https://example.org/papers//', 'https://example.org/papers'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('below %s have a path and a token for each purpose', (publicUrl, base) => {
    const links = createSubscriberLinks(publicUrl, [KEY], NOW);

    const digest = { cadence: 'instant', period: '2026-01-05T08:15Z' } as const;
    for (const purpose of tokenPurposes) {
      const href = purpose === 'mute' ? links.mute(ID, digest) : links[purpose](ID, NOW);
      const start = `${base}${SUBSCRIBER_PATHS[purpose]}/`;
      const [token = '', ...rest] = href.slice(start.length).split('/');
      expect(href.slice(0, start.length)).toBe(start);
      expect(verifyToken(purpose, token, [KEY], NOW)).toBe(ID);
      expect(rest.map(decodeURIComponent)).toEqual(purpose === 'mute' ? Object.values(digest) : []);
    }
  });

  test('are the same each time, so that a mail can be made again', () => {
    const [first, second] = [1, 2].map(() => createSubscriberLinks('https://daily.example.org', [KEY], NOW));

    expect(first?.unsubscribe(ID)).toBe(second?.unsubscribe(ID));
  });
});
