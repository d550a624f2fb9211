import type { Keys } from '../../shared/keys.ts';

/** The keys as one version of the secret holds them. */
export interface StoredKeys {
  readonly keys: Keys;
  /** The whole text, which may hold more than this version of the project knows. */
  readonly text: string;
  readonly versionId: string;
}

/** The secret that holds the keys of a deployment. */
export interface KeysSecret {
  /** @throws KeysError where the secret holds something else */
  load(): Promise<StoredKeys>;
  /**
   * Makes a text the current version of the secret. A repeat changes nothing.
   *
   * @param versionId the id of the new version, 32 to 64 letters, digits and hyphens
   * @throws ConflictError where there is a version of this id with another text
   */
  save(text: string, versionId: string): Promise<void>;
}
