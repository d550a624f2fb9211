import { GetSendQuotaCommand } from '@aws-sdk/client-ses';
import { describe, expect, test } from '@jest/globals';
import type { FaultKind } from '../../../local/ses/faults.ts';
import { startSes } from './ses-fixture.ts';

const broken = { message: expect.stringMatching(/socket hang up|ECONNRESET/) };

describe('a fault', () => {
  test.each<[FaultKind, object, number]>([
    ['throttle', { name: 'Throttling', message: 'Maximum sending rate exceeded.' }, 0],
    ['quota', { name: 'Throttling', message: 'Daily message quota exceeded.' }, 0],
    [
      'paused',
      { name: 'AccountSendingPausedException', $metadata: expect.objectContaining({ httpStatusCode: 400 }) },
      0,
    ],
    [
      'paused-by-ses',
      { name: 'MessageRejected', message: expect.stringMatching(/^Sending paused for this account\./) },
      0,
    ],
    [
      'server-error',
      { name: 'InternalFailure', $metadata: expect.objectContaining({ httpStatusCode: 500 }) },
      0,
    ],
    ['reset', broken, 0],
    [
      'server-error-after',
      { name: 'InternalFailure', $metadata: expect.objectContaining({ httpStatusCode: 500 }) },
      1,
    ],
    ['drop-answer', broken, 1],
  ])('of kind %s strikes once, and leaves what was accepted', async (kind, error, accepted) => {
    const ses = await startSes();
    ses.server.faults.next({ kind });

    await expect(ses.send({ ConfigurationSetName: 'digests' })).rejects.toMatchObject(error);

    await ses.server.settled();
    expect(ses.server.store.list()).toHaveLength(accepted);
    expect(ses.server.account.quota().sentLast24Hours).toBe(accepted);
    expect(ses.events.map(({ eventType }) => eventType)).toEqual(accepted ? ['Send', 'Delivery'] : []);
    expect(ses.server.faults.pending()).toEqual([]);
    await ses.send();
    expect(ses.server.store.list()).toHaveLength(accepted + 1);
  });

  test('happens as often as requested, one fault after the other', async () => {
    const ses = await startSes();
    ses.server.faults.next({ kind: 'throttle', times: 2 });
    ses.server.faults.next({ kind: 'quota' });

    const outcomes: string[] = [];
    for (let n = 0; n < 4; n++) {
      outcomes.push(
        await ses.send().then(
          () => 'accepted',
          (error: Error) => error.message,
        ),
      );
    }

    expect(outcomes).toEqual([
      'Maximum sending rate exceeded.',
      'Maximum sending rate exceeded.',
      'Daily message quota exceeded.',
      'accepted',
    ]);
  });

  test('happens only at its action', async () => {
    const ses = await startSes();
    ses.server.faults.next({ kind: 'server-error', action: 'GetSendQuota' });

    await ses.send();
    await expect(ses.client.send(new GetSendQuotaCommand({}))).rejects.toMatchObject({
      name: 'InternalFailure',
    });

    expect(ses.server.store.list()).toHaveLength(1);
  });

  test('does not accept a message that would be refused anyway', async () => {
    const ses = await startSes();
    ses.server.faults.next({ kind: 'drop-answer' });

    await expect(ses.send({ Source: 'x@evil.example' })).rejects.toMatchObject({ name: 'MessageRejected' });

    expect(ses.server.store.list()).toEqual([]);
  });

  test('can come from a rule that sees each request, until it is cleared', async () => {
    const ses = await startSes();
    ses.server.faults.decide(({ number, destinations }) =>
      number === 2 || destinations.includes('bad@example.net') ? 'throttle' : undefined,
    );
    const outcome = (to: string) =>
      ses.send({ Destinations: [to] }).then(
        () => 'accepted',
        () => 'refused',
      );

    expect(await outcome('a@example.net')).toBe('accepted');
    expect(await outcome('a@example.net')).toBe('refused');
    expect(await outcome('a@example.net')).toBe('accepted');
    expect(await outcome('bad@example.net')).toBe('refused');
    ses.server.faults.clear();
    expect(await outcome('bad@example.net')).toBe('accepted');
  });
});

describe('faults over HTTP', () => {
  const post = (url: string, body: string) => fetch(`${url}/faults`, { method: 'POST', body });

  test('are added, listed and cleared', async () => {
    const ses = await startSes();
    const ordered = { pending: [{ kind: 'throttle', times: 2, action: 'SendRawEmail' }] };

    const answer = await post(ses.server.url, '{"kind":"throttle","times":2}');
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual(ordered);
    expect(await (await fetch(`${ses.server.url}/faults`)).json()).toEqual(ordered);
    await expect(ses.send()).rejects.toMatchObject({ name: 'Throttling' });
    expect((await fetch(`${ses.server.url}/faults`, { method: 'DELETE' })).status).toBe(204);
    await ses.send();

    expect(ses.server.faults.pending()).toEqual([]);
  });

  test.each(['', '{', '{"kind":"explode"}', '{"kind":"reset","times":0}', '{"kind":"reset","when":"now"}'])(
    'are refused with a reason when the body is %j',
    async (body) => {
      const ses = await startSes();

      const answer = await post(ses.server.url, body);

      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringMatching(/./) });
      expect(ses.server.faults.pending()).toEqual([]);
    },
  );
});
