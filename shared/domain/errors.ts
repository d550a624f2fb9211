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

/** A stored record does not fit its schema. Every repeat finds the same, until somebody repairs it. */
export class UnreadableError extends Error {
  override readonly name: string = 'UnreadableError';
}

/** Somebody else changed the item first. Load it again and repeat. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/**
 * A service timed out, broke off, was throttled or had an error of its own, however often the call was repeated. The same work
 * may succeed in some minutes. The cause is the service's error.
 */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
