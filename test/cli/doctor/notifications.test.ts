import { describe, expect, test } from '@jest/globals';
import {
  checkAlarms,
  checkConfigurationSet,
  checkEventDestination,
  checkFeedbackSubscription,
} from '../../../cli/doctor/checks/notifications.ts';
import { createConfigurationSet, createDestination, QUEUE_ARN, TOPIC } from './fake-account.ts';

describe('the configuration set', () => {
  test.each([
    ['ok', {}],
    ['warn', { suppressed: ['BOUNCE'] }],
    ['warn', { suppressed: ['COMPLAINT'] }],
    ['fail', { suppressed: [] }],
    ['fail', { isSendingEnabled: false }],
  ])('is %s for %j', (state, overrides) => {
    expect(checkConfigurationSet('digests', createConfigurationSet(overrides)).state).toBe(state);
  });

  test('fails if there is none', () => {
    expect(checkConfigurationSet('digests', undefined).state).toBe('fail');
  });
});

describe('the event destination', () => {
  const events = (...names: string[]) => createDestination({ events: names });

  test.each([
    ['ok', [createDestination()], true],
    ['ok', [events('BOUNCE', 'COMPLAINT', 'REJECT')], false],
    ['ok', [createDestination({ topicArn: undefined, events: ['OPEN'] }), createDestination()], true],
    ['ok', [events('BOUNCE', 'COMPLAINT', 'REJECT'), events('SEND', 'DELIVERY')], true],
    ['warn', [events('BOUNCE', 'COMPLAINT', 'REJECT')], true],
    ['warn', [events('BOUNCE', 'COMPLAINT', 'SEND', 'DELIVERY')], true],
    ['warn', [events('BOUNCE', 'COMPLAINT', 'REJECT', 'CLICK')], false],
    ['fail', [events('BOUNCE', 'REJECT', 'SEND', 'DELIVERY')], true],
    ['fail', [createDestination({ isEnabled: false })], true],
    ['fail', [createDestination({ topicArn: 'arn:aws:sns:eu-west-1:111122223333:other' })], true],
    ['fail', [], true],
  ])('is %s for %j with tracking %s', (state, destinations, eventTracking) => {
    expect(checkEventDestination(destinations, TOPIC, eventTracking).state).toBe(state);
  });

  test('names the events that are not published', () => {
    expect(checkEventDestination([events('BOUNCE', 'COMPLAINT', 'SEND')], TOPIC, true).found).toContain(
      'REJECT, DELIVERY',
    );
    expect(checkEventDestination([events('BOUNCE')], TOPIC, true).found).toContain('COMPLAINT');
  });
});

describe('the subscription of the feedback queue', () => {
  const ours = { protocol: 'sqs', endpoint: QUEUE_ARN, isConfirmed: true };

  test.each([
    ['ok', [{ protocol: 'email', endpoint: 'ops@example.org', isConfirmed: false }, ours]],
    ['fail', [{ ...ours, isConfirmed: false }]],
    ['fail', [{ ...ours, protocol: 'https' }]],
    ['fail', [{ ...ours, endpoint: `${QUEUE_ARN}-other` }]],
    ['fail', []],
  ])('is %s for %j', (state, subscriptions) => {
    expect(checkFeedbackSubscription(subscriptions, QUEUE_ARN).state).toBe(state);
  });
});

const ADDRESS = 'ada@example.org';
const subscribed = (endpoint: string, isConfirmed: boolean) => ({ protocol: 'email', endpoint, isConfirmed });

describe('alarms', () => {
  test.each([
    ['ok', [subscribed(ADDRESS, true)]],
    ['ok', [subscribed(ADDRESS, false), subscribed(ADDRESS, true)]],
    ['warn', [subscribed(ADDRESS, false)]],
    ['warn', [subscribed('eve@example.org', true)]],
    ['warn', []],
  ])('are %s for the address of the settings if %j is subscribed', (state, subscriptions) => {
    expect(checkAlarms(subscriptions, { alarmAddress: ADDRESS, stage: 'prod' }, false).state).toBe(state);
  });

  test.each([
    ['ok', 'dev'],
    ['warn', 'prod'],
  ] as const)('that nobody receives are %s in %s', (state, stage) => {
    expect(checkAlarms([], { stage }, false)).toEqual({
      state,
      found: 'nobody receives the alarms; they are only on the dashboard',
      advice: 'set alarmAddress in the settings, deploy, and confirm the mail of AWS',
    });
    expect(checkAlarms([subscribed(ADDRESS, false)], { stage }, false).state).toBe(state);
  });

  test('wait for the address to confirm straight after a deployment', () => {
    const settings = { alarmAddress: ADDRESS, stage: 'prod' } as const;

    expect(checkAlarms([subscribed(ADDRESS, false)], settings, true).state).toBe('wait');
  });

  test('reach an address that was subscribed by hand', () => {
    expect(checkAlarms([subscribed(ADDRESS, true)], { stage: 'prod' }, false)).toEqual({
      state: 'ok',
      found: 'one address receives the alarms',
    });
  });

  test('are described without the address', () => {
    const findings = [[], [subscribed(ADDRESS, false)]].map((subscriptions) =>
      checkAlarms(subscriptions, { alarmAddress: ADDRESS, stage: 'prod' }, false),
    );

    expect(JSON.stringify(findings)).not.toContain('@');
  });
});
