import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { addDays } from '../../../shared/domain/time/time.ts';
import { type Keys, parseKeys, rotateLinkKeys, signingKeyOf } from '../../../shared/subscribers/keys.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const HOUR_LATER = '2026-01-05T09:00:00.000Z';
const ID_KEY = 'i'.repeat(43);
const newKeys = () => parseKeys(JSON.stringify({ idKey: ID_KEY }));
const idsOf = ({ linkKeys }: Keys) => linkKeys.map(({ id }) => id);

describe('the keys', () => {
  test('of a new deployment are one random text, from which the same first link key is always derived', () => {
    const keys = newKeys();

    expect(keys.idKey).toBe(ID_KEY);
    expect(keys.linkKeys).toEqual([
      { id: '1', key: expect.stringMatching(/^[\w-]{43}$/), activeFrom: '1970-01-01T00:00:00.000Z' },
    ]);
    expect(newKeys()).toEqual(keys);
    expect(parseKeys(JSON.stringify({ idKey: 'j'.repeat(43) })).linkKeys).not.toEqual(keys.linkKeys);
  });

  test('are read as they were saved', () => {
    const keys = rotateLinkKeys(newKeys(), 'k'.repeat(43), NOW);

    expect(parseKeys(JSON.stringify(keys))).toEqual(keys);
  });

  test.each(['', 'null', '{"idKey":"short"}', `{"idKey":"${ID_KEY}","linkKeys":[]}`, `{"idKey":"${ID_KEY}"`])(
    'are refused in any other form, without a quotation: %s',
    (text) => {
      const read = () => parseKeys(text);

      expect(read).toThrow('the keys cannot be read: expected JSON with an "idKey"');
      try {
        read();
      } catch (error) {
        expect(inspect(error)).not.toMatch(/i{6}|short/);
      }
    },
  );
});

describe('a rotation', () => {
  test('adds a key that signs after an hour, when every function knows it', () => {
    const { linkKeys } = rotateLinkKeys(newKeys(), 'k'.repeat(43), NOW);

    expect(signingKeyOf(linkKeys, NOW).id).toBe('1');
    expect(signingKeyOf(linkKeys, HOUR_LATER)).toEqual({
      id: '2',
      key: 'k'.repeat(43),
      activeFrom: HOUR_LATER,
    });
  });

  test('keeps a key for 90 days after the next one took over, and the id key for ever', () => {
    const rotateAfter = (days: number) => {
      const first = rotateLinkKeys(newKeys(), 'k'.repeat(43), NOW);
      return rotateLinkKeys(first, 'l'.repeat(43), `${addDays('2026-01-05', days)}T10:00:00.000Z`);
    };

    expect(idsOf(rotateAfter(0))).toEqual(['1', '2', '3']);
    expect(idsOf(rotateAfter(89))).toEqual(['1', '2', '3']);
    expect(idsOf(rotateAfter(90))).toEqual(['2', '3']);
    expect(rotateAfter(90).idKey).toBe(ID_KEY);
  });

  test('never reuses an id', () => {
    let keys = newKeys();
    const seen = new Set<string>();
    for (let month = 0; month < 12; month += 1) {
      keys = rotateLinkKeys(keys, 'k'.repeat(43), `${addDays('2026-01-05', 60 * month)}T08:00:00.000Z`);
      const newest = idsOf(keys).at(-1) ?? '';
      expect(seen.has(newest)).toBe(false);
      seen.add(newest);
    }
    expect(idsOf(keys)).toHaveLength(3);
  });
});
