/**
 * A failure that no repeat can mend: it is counted and parked, where any other error is thrown, retried, and in the end
 * left in a dead-letter queue.
 */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
}

/** Text from outside that is not what it should be. The message says what was found and what is expected. */
export class InvalidInputError extends PermanentError {
  override readonly name = 'InvalidInputError';
}

/** Somebody else changed the item first. Load it again and repeat. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}
