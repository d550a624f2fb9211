import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ConflictError } from '../../../shared/domain/errors.ts';
import { parseKeys } from '../../../shared/keys.ts';
import type { KeysSecret } from '../stored-keys.ts';
import { permitted } from './permitted.ts';

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
