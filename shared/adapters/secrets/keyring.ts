import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { addMs, type Clock, type Instant } from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import { type Keyring, type Keys, parseKeys } from '../../subscribers/keys.ts';
import { type ClientOptions, withTimeLimits } from '../client-options.ts';
import { reportOutages } from '../outages.ts';

export interface SecretKeyringOptions {
  readonly client: SecretsManagerClient;
  /** The secret that holds the keys, by ARN. */
  readonly secretId: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** A new link key signs an hour after it was kept, so reading the keys this often is early enough. */
const MAX_AGE_MS = 5 * 60_000;

/** After a failed read, the known keys serve this long before the next one. */
const PAUSE_MS = 60_000;

/** Three attempts end well before `api` times out, so a page still has the known keys. */
const SECRETS_TIME_LIMITS = { connectionTimeout: 1_000, requestTimeout: 2_000 };

/** Returns a client that gives up soon, because a person or a batch waits for the keys. */
export function createSecretsClient(options: ClientOptions = {}): SecretsManagerClient {
  return reportOutages(new SecretsManagerClient(withTimeLimits(options, SECRETS_TIME_LIMITS)));
}

/**
 * Returns the keys in a secret of AWS Secrets Manager. Reads them once in five minutes, however many ask at the same time. If a read
 * fails, it returns the keys of the last read, and reads again a minute later.
 *
 * @throws KeysError if the secret does not hold keys
 * @throws the error of the SDK if the first read fails
 */
export function createSecretKeyring(options: SecretKeyringOptions): Keyring {
  const { client, secretId, clock, telemetry } = options;
  let known: { readonly keys: Keys; readonly readAgainAt: Instant } | undefined;
  let reading: Promise<Keys> | undefined;

  const read = async (): Promise<Keys> => {
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      known = { keys: parseKeys(SecretString), readAgainAt: addMs(clock.now(), MAX_AGE_MS) };
    } catch (error) {
      if (!known) throw error;
      telemetry.warn('The keys could not be read again', { error });
      known = { ...known, readAgainAt: addMs(clock.now(), PAUSE_MS) };
    }
    return known.keys;
  };

  return {
    async load() {
      if (known && clock.now() < known.readAgainAt) return known.keys;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}
