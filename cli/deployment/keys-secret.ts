import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ConflictError } from '../../shared/domain/errors.ts';
import { type Keys, parseKeys } from '../../shared/subscribers/keys.ts';
import { permitted } from './aws-call.ts';

/** The keys in one version of the secret. */
export interface StoredKeys {
  readonly keys: Keys;
  /** The whole text, which may hold more than this version of the project knows. */
  readonly text: string;
  readonly versionId: string;
}

/** The secret that holds the keys of a deployment. */
export interface KeysSecret {
  /** @throws KeysError if the secret holds something else */
  load(): Promise<StoredKeys>;
  /**
   * Makes a text the current version of the secret. A repeat changes nothing.
   *
   * @param versionId the id of the new version, 32 to 64 letters, digits and hyphens
   * @throws ConflictError if a version with this id has another text
   */
  save(text: string, versionId: string): Promise<void>;
}

/** A secret of AWS Secrets Manager. */
export function createKeysSecret(client: SecretsManagerClient, secretId: string): KeysSecret {
  return {
    async load() {
      const { SecretString: text = '', VersionId: versionId = '' } = await permitted(
        'secretsmanager:GetSecretValue',
        () => client.send(new GetSecretValueCommand({ SecretId: secretId })),
      );
      return { keys: parseKeys(text), text, versionId };
    },

    async save(text, versionId) {
      try {
        await permitted('secretsmanager:PutSecretValue', () =>
          client.send(
            new PutSecretValueCommand({
              SecretId: secretId,
              SecretString: text,
              ClientRequestToken: versionId,
            }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
        throw new ConflictError(`the secret has a version ${versionId} already`, { cause: error });
      }
    },
  };
}
