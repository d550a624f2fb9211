import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Clock, type Instant, msBetween } from '../../domain/time.ts';
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

const TIME_LIMITS = { connectionTimeout: 5_000, requestTimeout: 5_000 };

/** Returns a client that gives up soon, because a person or a batch waits for the keys. */
export function createSecretsClient(options: ClientOptions = {}): SecretsManagerClient {
  return reportOutages(new SecretsManagerClient(withTimeLimits(options, TIME_LIMITS)));
}

/**
 * Returns the keys in a secret of AWS Secrets Manager. Reads them once in five minutes. If a read fails, it returns the keys of the
 * last read.
 *
 * @throws KeysError if the secret does not hold keys
 * @throws the error of the SDK if the first read fails
 */
export function createSecretKeyring(options: SecretKeyringOptions): Keyring {
  const { client, secretId, clock, telemetry } = options;
  let known: { readonly keys: Keys; readonly readAt: Instant } | undefined;

  return {
    async load() {
      const now = clock.now();
      if (known && msBetween(known.readAt, now) < MAX_AGE_MS) return known.keys;
      try {
        const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
        known = { keys: parseKeys(SecretString), readAt: now };
      } catch (error) {
        if (!known) throw error;
        telemetry.warn('The keys could not be read again', { error, readAt: known.readAt });
      }
      return known.keys;
    },
  };
}
