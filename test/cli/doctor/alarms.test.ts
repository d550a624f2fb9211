import { describe, expect, test } from '@jest/globals';
import { checkAlarms } from '../../../cli/doctor/checks/alarms.ts';

const ADDRESS = 'ada@example.org';
const subscribed = (endpoint: string, isConfirmed: boolean) => ({ protocol: 'email', endpoint, isConfirmed });

describe('alarms', () => {
  test.each([
    ['ok', [subscribed(ADDRESS, true)]],
    ['ok', [subscribed(ADDRESS, false), subscribed(ADDRESS, true)]],
    ['warn', [subscribed(ADDRESS, false)]],
    ['warn', [subscribed('eve@example.org', true)]],
    ['warn', []],
  ])('are %s for the address of the settings where %j is subscribed', (state, subscriptions) => {
    expect(checkAlarms(subscriptions, ADDRESS).state).toBe(state);
  });

  test('are told to nobody where no address is set, which the operator may have wanted', () => {
    expect(checkAlarms([], undefined)).toMatchObject({
      state: 'ok',
      advice: expect.stringContaining('alarmAddress'),
    });
    expect(checkAlarms([subscribed(ADDRESS, true)], undefined)).toEqual({
      state: 'ok',
      found: 'one is told when an alarm goes off',
    });
  });

  test('are spoken of without the address', () => {
    const findings = [checkAlarms([], ADDRESS), checkAlarms([subscribed(ADDRESS, false)], ADDRESS)];

    expect(JSON.stringify(findings)).not.toContain('@');
  });
});
