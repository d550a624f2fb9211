/**
 * A command that cannot be carried out: nothing is deployed, nobody is signed in, something is there already. The message
 * says what is expected.
 */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** Somebody pressed Ctrl-C or Ctrl-D at a question. Nothing was changed. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The account does not let whoever runs the command do this. */
export class PermissionError extends CommandError {
  override readonly name = 'PermissionError';
  /** As IAM names it: `ses:GetAccount`. */
  readonly permission: string;

  constructor(permission: string, options?: ErrorOptions) {
    super(`the current credentials may not do ${permission}: expected a role that allows it`, options);
    this.permission = permission;
  }
}
