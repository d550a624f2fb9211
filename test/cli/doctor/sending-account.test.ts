import { describe, expect, test } from '@jest/globals';
import {
  checkProductionAccess,
  checkQuota,
  checkRate,
  checkSending,
} from '../../../cli/doctor/checks/sending-account.ts';
import type { CohortSize } from '../../../cli/doctor/ports.ts';
import type { Cohort } from '../../../shared/domain/digests/cohort.ts';
import { createAccount } from './fake-account.ts';

describe('the sandbox', () => {
  const sandbox = createAccount({ hasProductionAccess: false });

  test('is no problem if the account has left it', () => {
    expect(checkProductionAccess(createAccount(), 'prod').state).toBe('ok');
  });

  test('warns in a trial, and fails in production', () => {
    expect(checkProductionAccess(sandbox, 'dev')).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('only addresses that SES has verified'),
    });
    expect(checkProductionAccess(sandbox, 'prod')).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining('Leaving the SES sandbox'),
    });
  });
});

describe('sending', () => {
  test.each([
    ['ok', {}],
    ['warn', { enforcement: 'PROBATION' }],
    ['warn', { enforcement: 'unknown' }],
    ['fail', { isSendingEnabled: false }],
    ['fail', { enforcement: 'SHUTDOWN' }],
  ])('is %s for %j', (state, overrides) => {
    expect(checkSending(createAccount(overrides)).state).toBe(state);
  });
});

describe('the rate', () => {
  test('is ok if the account sends as fast as the settings say', () => {
    expect(checkRate(createAccount(), 14)).toEqual({
      state: 'ok',
      found: 'the account sends 14 a second, sending.accountRatePerSec is 14',
    });
    expect(checkRate(createAccount({ accountRatePerSec: 50 }), 14)).toMatchObject({
      state: 'ok',
      advice: 'sending.accountRatePerSec may be raised',
    });
  });

  test('warns if the setting is too high for the account, and names the right one', () => {
    expect(checkRate(createAccount({ accountRatePerSec: 1 }), 14)).toMatchObject({
      state: 'warn',
      advice: expect.stringContaining('set sending.accountRatePerSec to 1 '),
    });
  });
});

describe('the quota', () => {
  const size = (cohort: Cohort, members: number): CohortSize => ({ cohort, members });
  const at = { timeZone: 'UTC', hour: 8 };
  const readers = [
    size({ cadence: 'daily', ...at }, 30),
    size({ cadence: 'daily', timeZone: 'Europe/Berlin', hour: 7 }, 10),
    size({ cadence: 'weekly', ...at, weekday: 1 }, 20),
    size({ cadence: 'weekly', timeZone: 'Asia/Tokyo', hour: 9, weekday: 1 }, 1),
    size({ cadence: 'weekly', ...at, weekday: 5 }, 4),
    size({ cadence: 'monthly', ...at }, 5),
    size({ cadence: 'instant', lists: ['hf-daily'] }, 2),
  ];
  const NEEDED = 40 + 21 + 5 + 24;

  test('is compared with the busiest day: every cadence, and the fullest weekday', () => {
    expect(checkQuota(createAccount(), readers)).toEqual({
      state: 'ok',
      found: `50000 in 24 hours; the busiest day needs about ${NEEDED} (40 daily, 21 weekly, 5 monthly, 2 instant at 12 each); 120 sent in the last 24 hours`,
    });
  });

  test.each([
    ['ok', { max24HourSend: -1, sentLast24Hours: 1_000_000 }],
    ['ok', { max24HourSend: NEEDED / 0.8, sentLast24Hours: 0 }],
    ['warn', { max24HourSend: NEEDED + 1, sentLast24Hours: 0 }],
    ['warn', { max24HourSend: NEEDED, sentLast24Hours: 0 }],
    ['warn', { max24HourSend: 1000, sentLast24Hours: 801 }],
    ['fail', { max24HourSend: NEEDED - 1, sentLast24Hours: 0 }],
  ])('is %s for %j', (state, overrides) => {
    expect(checkQuota(createAccount(overrides), readers).state).toBe(state);
  });

  test('is enough without subscribers', () => {
    expect(checkQuota(createAccount({ max24HourSend: 200 }), [])).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('about 0 (nobody is subscribed)'),
    });
  });
});
