import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { isUnfinished } from '../../cli/command.ts';
import { CommandError, PermissionError } from '../../cli/deployment/errors.ts';
import { createKeysSecret } from '../../cli/deployment/keys-secret.ts';
import { dropOldKeys, rotate, toText } from '../../cli/rotate-keys.ts';
import { createManualClock, type ManualClock } from '../../local/manual-clock.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { MS_PER_DAY, MS_PER_HOUR } from '../../shared/domain/time/time.ts';
import { KeysError, parseKeys } from '../../shared/subscribers/keys.ts';
import { answerRequests, createResponse } from '../fakes/request-handler.ts';

const ID_KEY = 'i'.repeat(64);

/** What Secrets Manager keeps: versions by their ids, one of which is the current one. */
interface Vault {
  current: string;
  readonly versions: Map<string, string>;
  readonly saves: string[];
}

let vault: Vault;
let clock: ManualClock;
let keysMade: number;

beforeEach(() => {
  vault = { current: 'v1', versions: new Map([['v1', JSON.stringify({ idKey: ID_KEY })]]), saves: [] };
  clock = createManualClock('2026-01-05T08:00:00.000Z');
  keysMade = 0;
});

/** The real client, in front of a vault that does what the service documents. */
function openSecret() {
  const client = createSecretsClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  answerRequests(client, ({ target, body }) => {
    const { SecretId, SecretString, ClientRequestToken } = JSON.parse(body);
    if (SecretId !== 'arn:keys') return createResponse(400, { __type: 'ResourceNotFoundException' });
    if (target === 'secretsmanager.GetSecretValue')
      return createResponse(200, {
        SecretString: vault.versions.get(vault.current),
        VersionId: vault.current,
      });
    if (!/^[a-zA-Z0-9-]{32,64}$/.test(ClientRequestToken))
      return createResponse(400, { __type: 'InvalidParameterException' });
    const known = vault.versions.get(ClientRequestToken);
    if (known !== undefined && known !== SecretString)
      return createResponse(400, { __type: 'ResourceExistsException', message: 'there is one' });
    vault.versions.set(ClientRequestToken, SecretString);
    vault.current = ClientRequestToken;
    vault.saves.push(ClientRequestToken);
    return createResponse(200, { VersionId: ClientRequestToken });
  });
  return createKeysSecret(client, 'arn:keys');
}

function open(secret = openSecret()) {
  const waits: number[] = [];
  const ports = {
    secret,
    clock,
    newKey: () => {
      keysMade += 1;
      return String(keysMade).padStart(43, 'k');
    },
    wait: async (ms: number) => void waits.push(ms),
  };
  return { waits, run: () => rotate(ports), dropOld: () => dropOldKeys(ports) };
}

const currentText = () => vault.versions.get(vault.current) ?? '';

describe('a rotation', () => {
  test('adds a key that takes over in an hour, and keeps the key of the ids', async () => {
    const { linkKeys } = parseKeys(currentText());

    expect(await open().run()).toEqual({
      isNew: true,
      next: { id: '2', activeFrom: '2026-01-05T09:00:00.000Z' },
      present: '1',
      known: ['1', '2'],
      dropped: [],
    });
    const after = parseKeys(currentText());
    expect(after.idKey).toBe(ID_KEY);
    expect(after.linkKeys).toEqual([
      ...linkKeys,
      { id: '2', key: '1'.padStart(43, 'k'), activeFrom: '2026-01-05T09:00:00.000Z' },
    ]);
  });

  test('changes nothing while an earlier one has not taken effect', async () => {
    await open().run();
    clock.moveBy(MS_PER_HOUR - 1);

    expect(await open().run()).toMatchObject({ isNew: false, next: { id: '2' }, present: '1' });
    expect(vault.saves).toHaveLength(1);

    clock.moveBy(1);
    expect(await open().run()).toMatchObject({ isNew: true, next: { id: '3' }, present: '2' });
  });

  test('drops a key once no link needs it, and says which', async () => {
    await open().run();
    clock.moveBy(91 * MS_PER_DAY);

    expect(await open().run()).toMatchObject({ known: ['2', '3'], dropped: ['1'] });
    expect(parseKeys(currentText()).linkKeys.map(({ id }) => id)).toEqual(['2', '3']);
  });

  test('keeps everything else in the secret', async () => {
    vault.versions.set('v1', JSON.stringify({ idKey: ID_KEY, later: { a: 1 } }));

    await open().run();

    expect(JSON.parse(currentText())).toMatchObject({ idKey: ID_KEY, later: { a: 1 } });
  });

  test('by several runs at the same time changes the keys once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const saves = vault.saves.length;
      const runs = await Promise.allSettled([open().run(), open().run(), open().run()]);
      const failed = runs.flatMap((run) => (run.status === 'rejected' ? [run.reason] : []));

      expect(vault.saves.length).toBe(saves + 1);
      expect(failed).toHaveLength(2);
      for (const reason of failed) {
        expect(reason).toBeInstanceOf(CommandError);
        expect(String(reason)).toContain('Another run rotated the keys at the same time');
      }
      expect(parseKeys(currentText()).linkKeys).toHaveLength(round + 2);
      clock.moveBy(MS_PER_HOUR);
    }
  });

  test('says what to do if the secret was set back to an earlier version', async () => {
    await open().run();
    vault.current = 'v1';

    await expect(open().run()).rejects.toThrow(
      /set back to its version v1 .*as a new version, and run this again/,
    );
  });

  test('reads again while the service returns the previous version', async () => {
    const secret = openSecret();
    let staleReads = 0;
    const before = await secret.load();
    const { waits, run } = open({
      ...secret,
      load: async () => {
        if (vault.saves.length === 0 || staleReads === 3) return secret.load();
        staleReads += 1;
        return before;
      },
    });

    expect(await run()).toMatchObject({ isNew: true });
    expect(waits).toEqual([500, 500, 500]);

    clock.moveBy(MS_PER_HOUR);
    const stuck = await secret.load();
    const unread = await open({ ...secret, load: async () => stuck })
      .run()
      .catch((error: unknown) => error);
    expect(String(unread)).toContain('the secret still returns other ones');
    expect(isUnfinished(unread)).toBe(true);
  });

  test('can drop the old keys once the new one signs', async () => {
    await expect(open().dropOld()).rejects.toThrow(
      'There is only one key. Run this without --drop-old first',
    );
    await open().run();
    await expect(open().dropOld()).rejects.toThrow('Key 2 signs links from 2026-01-05T09:00:00.000Z on.');
    clock.moveBy(MS_PER_HOUR);

    const dropped = await open().dropOld();

    expect(dropped).toMatchObject({ isNew: true, present: '2', known: ['2'], dropped: ['1'] });
    expect(toText(dropped)).toBe(
      'Key 2 signs links.\nLinks signed with key 2 work.\nDropped: 1. Links signed with it no longer work.',
    );
    expect(parseKeys(currentText())).toMatchObject({ idKey: ID_KEY, linkKeys: [{ id: '2' }] });
    expect(await open().run()).toMatchObject({ next: { id: '3' }, known: ['2', '3'] });
  });

  test('never prints a key', async () => {
    const rotation = await open().run();
    const keys = parseKeys(currentText());

    for (const secret of [keys.idKey, ...keys.linkKeys.map(({ key }) => key)]) {
      expect(toText(rotation)).not.toContain(secret);
      expect(JSON.stringify(rotation)).not.toContain(secret);
    }
    expect(toText(rotation)).toBe(
      'Key 2 signs links from 2026-01-05T09:00:00.000Z on; until then key 1 does.\nLinks signed with the keys 1, 2 work.',
    );
    expect(toText({ ...rotation, isNew: false, dropped: ['0'] })).toMatch(
      /^Nothing was changed.*\n.*\nDropped: 0\. Links signed with it/,
    );
    expect(toText({ ...rotation, dropped: ['0', '1'] })).toContain(
      'Dropped: 0, 1. Links signed with them no longer work.',
    );
  });

  test('ends if the secret holds no keys, or refuses access', async () => {
    vault.versions.set('v1', 'secret text');
    await expect(open().run()).rejects.toThrow(KeysError);

    const client = createSecretsClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    answerRequests(client, ({ target }) =>
      target === 'secretsmanager.GetSecretValue'
        ? createResponse(200, { SecretString: JSON.stringify({ idKey: ID_KEY }), VersionId: 'v1' })
        : createResponse(400, { __type: 'AccessDeniedException', message: 'no' }),
    );
    const denied = open(createKeysSecret(client, 'arn:keys')).run();
    await expect(denied).rejects.toThrow(PermissionError);
    await expect(denied).rejects.toThrow('secretsmanager:PutSecretValue');
  });

  test('names its version only by the previous one, so that any two runs agree', async () => {
    await open().run();
    expect(vault.saves).toEqual([createHash('sha256').update('broadsheet keys after v1').digest('hex')]);
  });
});
