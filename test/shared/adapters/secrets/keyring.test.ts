import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { createSecretKeyring, createSecretsClient } from '../../../../shared/adapters/secrets/keyring.ts';
import { KeysError } from '../../../../shared/subscribers/keys.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { type AnswerRequest, answerRequests, createResponse } from '../../../fakes/request-handler.ts';

const FIRST = 'a'.repeat(43);
const SECOND = 'b'.repeat(43);

let clock: ManualClock;
let telemetry: ReturnType<typeof createFakeTelemetry>;

beforeEach(() => {
  clock = createManualClock('2026-01-05T08:00:00.000Z');
  telemetry = createFakeTelemetry();
});

const holding = (idKey: string) => createResponse(200, { SecretString: JSON.stringify({ idKey }) });
const denied = createResponse(400, { __type: 'AccessDeniedException', message: 'not you' });

/** A keyring on the real client, whose requests are answered in turn. */
function openKeyring(answer: AnswerRequest) {
  const client = createSecretsClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const requests = answerRequests(client, answer);
  return { requests, keyring: createSecretKeyring({ client, secretId: 'arn:keys', clock, telemetry }) };
}

describe('a keyring', () => {
  test('reads its secret once in five minutes', async () => {
    const { keyring, requests } = openKeyring((_, n) => holding(n === 0 ? FIRST : SECOND));

    expect((await keyring.load()).idKey).toBe(FIRST);
    clock.moveBy(299_000);
    expect((await keyring.load()).idKey).toBe(FIRST);
    clock.moveBy(1_000);
    expect((await keyring.load()).idKey).toBe(SECOND);

    expect(requests).toEqual(
      Array(2).fill({ target: 'secretsmanager.GetSecretValue', body: '{"SecretId":"arn:keys"}' }),
    );
  });

  test('keeps its keys while the secret cannot be read, and logs that', async () => {
    const { keyring } = openKeyring((_, n) => (n === 1 ? denied : holding(n === 0 ? FIRST : SECOND)));
    await keyring.load();
    clock.moveBy(300_000);

    expect((await keyring.load()).idKey).toBe(FIRST);
    expect(telemetry.sentences).toEqual(['The keys could not be read again']);
    clock.moveBy(60_000);
    expect((await keyring.load()).idKey).toBe(SECOND);
  });

  test('asks once a minute while the secret cannot be read, so not every page waits for it', async () => {
    const { keyring, requests } = openKeyring((_, n) => (n === 0 ? holding(FIRST) : denied));
    await keyring.load();
    clock.moveBy(300_000);
    await keyring.load();
    clock.moveBy(59_999);
    await keyring.load();

    expect(requests).toHaveLength(2);
  });

  test('reads its secret once for all digests of a batch', async () => {
    const { keyring, requests } = openKeyring(() => holding(FIRST));
    await Promise.all(Array.from({ length: 100 }, () => keyring.load()));
    clock.moveBy(300_000);
    await Promise.all(Array.from({ length: 100 }, () => keyring.load()));

    expect(requests).toHaveLength(2);
  });

  test('fails without any keys, with the reason', async () => {
    await expect(openKeyring(() => denied).keyring.load()).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    const recovering = openKeyring((_, n) => (n === 0 ? denied : holding(FIRST))).keyring;
    await expect(recovering.load()).rejects.toThrow('not you');
    expect((await recovering.load()).idKey).toBe(FIRST);
    const other = openKeyring(() => createResponse(200, { SecretString: 'no keys' }));
    await expect(other.keyring.load()).rejects.toThrow(KeysError);
  });
});
