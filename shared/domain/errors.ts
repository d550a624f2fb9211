/** Invalid text from outside. The message says what was found and what is expected. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  /** The path of the field with the fault: `['until']`. Empty if no single field is at fault. */
  readonly path: readonly string[];

  constructor(
    message: string,
    { path = [], ...options }: ErrorOptions & { readonly path?: readonly string[] } = {},
  ) {
    super(message, options);
    this.path = path;
  }
}

/** A stored record does not fit its schema. A retry does not help until the record is repaired. */
export class UnreadableError extends Error {
  override readonly name: string = 'UnreadableError';
}

/** Another writer changed the item first. Load it again and retry. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/**
 * A service timed out, broke the connection, throttled or failed in every attempt. The same work may succeed in a few minutes. The
 * cause is the error of the service.
 */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
