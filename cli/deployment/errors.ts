/**
 * A command cannot run: nothing is deployed, there are no credentials, or something exists already. The message says what to
 * do.
 */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** Ctrl-C or Ctrl-D at a question. Nothing was changed. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The credentials do not have a permission that the command needs. */
export class PermissionError extends CommandError {
  override readonly name = 'PermissionError';
  /** The name in IAM, such as `ses:GetAccount`. */
  readonly permission: string;

  constructor(permission: string, options?: ErrorOptions) {
    super(`the current credentials may not do ${permission}: expected a role that allows it`, options);
    this.permission = permission;
  }
}
