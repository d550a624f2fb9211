import { describe, expect, test } from '@jest/globals';
import { checkAlarms } from '../../../cli/doctor/checks/notifications.ts';

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
    expect(checkAlarms(subscriptions, { alarmAddress: ADDRESS, stage: 'prod' }, false).state).toBe(state);
  });

  test.each([
    ['ok', 'dev'],
    ['warn', 'prod'],
  ] as const)('that nobody receives are %s in %s', (state, stage) => {
    expect(checkAlarms([], { stage }, false)).toEqual({
      state,
      found: 'nobody receives the alarms; they are on the dashboard alone',
      advice: 'set alarmAddress in the settings, deploy, and confirm the mail of AWS',
    });
    expect(checkAlarms([subscribed(ADDRESS, false)], { stage }, false).state).toBe(state);
  });

  test('wait for the address to confirm straight after a deployment', () => {
    const settings = { alarmAddress: ADDRESS, stage: 'prod' } as const;

    expect(checkAlarms([subscribed(ADDRESS, false)], settings, true).state).toBe('wait');
  });

  test('go to whoever subscribed by hand', () => {
    expect(checkAlarms([subscribed(ADDRESS, true)], { stage: 'prod' }, false)).toEqual({
      state: 'ok',
      found: 'one is told when an alarm goes off',
    });
  });

  test('are spoken of without the address', () => {
    const findings = [[], [subscribed(ADDRESS, false)]].map((one) =>
      checkAlarms(one, { alarmAddress: ADDRESS, stage: 'prod' }, false),
    );

    expect(JSON.stringify(findings)).not.toContain('@');
  });
});
