import { describe, expect, test } from '@jest/globals';
import { readStatus } from '../../../../cli/subscribers/import/status.ts';
import { parseToldTime } from '../../../../cli/subscribers/import/told-time.ts';
import { NOW } from './run-import.ts';

describe('a status', () => {
  test.each([
    [{}, 'subscribed'],
    [{ status: 'Active' }, 'subscribed'],
    [{ status: 'enabled' }, 'subscribed'],
    [{ status: 'Pending' }, 'unconfirmed'],
    [{ status: 'Opted-Out' }, 'unsubscribed'],
    [{ status: 'unreachable' }, 'bounced'],
    [{ status: 'hard_bounced' }, 'bounced'],
    [{ status: 'BLOCKLISTED' }, 'complained'],
    [{ isSubscribed: 'TRUE' }, 'subscribed'],
    [{ isSubscribed: 'false' }, 'unsubscribed'],
    [{ status: 'active', unsubscribedAt: '2020-01-01' }, 'unsubscribed'],
    [{ status: 'active', subscriberStatus: 'cleaned' }, 'bounced'],
    [{ status: 'unsubscribed', complainedAt: 'yesterday' }, 'complained'],
    [{ status: 'whatever', unsubscribedAt: 'once' }, 'unsubscribed'],
  ])('%j is %s', (cells, status) => {
    expect(readStatus(cells)).toMatchObject({ status });
  });

  test.each([[{ status: 'retired' }], [{ isSubscribed: 'maybe' }]])('%j is none', (cells) => {
    expect(readStatus(cells)).toMatchObject({
      fault: expect.stringMatching(/^its status is "(retired|maybe)": expected/),
    });
  });
});

describe('a time', () => {
  test.each([
    ['2018-04-13 10:57:02', '2018-04-13T10:57:02.000Z'],
    ['2018-04-13 10:57', '2018-04-13T10:57:00.000Z'],
    ['2018-04-13T10:57:02.123456Z', '2018-04-13T10:57:02.123Z'],
    ['2018-04-13 10:57:02 UTC', '2018-04-13T10:57:02.000Z'],
    ['2018-04-13 10:57:02+02', '2018-04-13T08:57:02.000Z'],
    ['2018-04-13T10:57:02+0530', '2018-04-13T05:27:02.000Z'],
    ['2018-04-13T10:57:02-05:30', '2018-04-13T16:27:02.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseToldTime(text, NOW)).toBe(instant);
  });

  test.each([
    '',
    'yesterday',
    '13/04/2018',
    '2018-02-30 10:00:00',
    '2018-13-01 10:00:00',
    '2018-04-13 25:00:00',
    '0000-00-00 00:00:00',
    '1523617022',
  ])('%j is none', (text) => {
    expect(() => parseToldTime(text, NOW)).toThrow('is no time: expected one like "2018-04-13 10:57:02"');
  });
});
