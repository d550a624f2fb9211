import { GetAccountSendingEnabledCommand, GetSendQuotaCommand } from '@aws-sdk/client-ses';
import { describe, expect, test } from '@jest/globals';
import { startSes } from './ses-fixture.ts';

describe('the account', () => {
  test('reports its quota', async () => {
    const ses = await startSes({ maxSendRate: 2.5, max24HourSend: 200 });
    await ses.send({ Destinations: ['a@example.net', 'b@example.net'] });

    expect(await ses.client.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: 200,
      MaxSendRate: 2.5,
      SentLast24Hours: 2,
    });
  });

  test('passes one second of messages immediately and more over time', async () => {
    const ses = await startSes({ maxSendRate: 2 });
    const tooFast = {
      name: 'Throttling',
      message: 'Maximum sending rate exceeded.',
      $metadata: { httpStatusCode: 400 },
    };

    await ses.send();
    await ses.send();
    await expect(ses.send()).rejects.toMatchObject(tooFast);
    ses.clock.moveBy(499);
    await expect(ses.send()).rejects.toMatchObject(tooFast);
    ses.clock.moveBy(1);
    await ses.send();

    expect(ses.server.store.list()).toHaveLength(3);
  });

  test('counts recipients over a rolling 24 hours', async () => {
    const ses = await startSes({ max24HourSend: 3 });
    const pair = { Destinations: ['a@example.net', 'b@example.net'] };
    const usedUp = {
      name: 'Throttling',
      message: 'Daily message quota exceeded.',
      $metadata: { httpStatusCode: 400 },
    };

    await ses.send(pair);
    ses.clock.moveBy(60_000);
    await expect(ses.send(pair)).rejects.toMatchObject(usedUp);
    await ses.send();
    await expect(ses.send()).rejects.toMatchObject(usedUp);
    ses.clock.moveBy(24 * 3_600_000 - 60_001);
    await expect(ses.send()).rejects.toMatchObject(usedUp);
    ses.clock.moveBy(1);
    await ses.send(pair);

    expect(await ses.client.send(new GetSendQuotaCommand({}))).toMatchObject({ SentLast24Hours: 3 });
  });

  test('has no quota if it is -1', async () => {
    const ses = await startSes({ max24HourSend: -1 });

    await ses.send();

    expect(await ses.client.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: -1,
      SentLast24Hours: 1,
    });
  });

  test('sends nothing while it is paused, and says so', async () => {
    const ses = await startSes();
    const isEnabled = async () => (await ses.client.send(new GetAccountSendingEnabledCommand({}))).Enabled;

    ses.server.account.pause();
    expect(await isEnabled()).toBe(false);
    await expect(ses.send()).rejects.toMatchObject({ name: 'AccountSendingPausedException' });
    ses.server.account.resume();
    expect(await isEnabled()).toBe(true);
    await ses.send();

    expect(ses.server.store.list()).toHaveLength(1);
  });
});
