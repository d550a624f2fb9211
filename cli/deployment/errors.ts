/**
 * A command cannot run: nothing is deployed, there are no credentials, or something exists already. The message says what to
 * do.
 */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** Ctrl-C, or Ctrl-D at a question. Nothing was changed. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The credentials do not have a permission that the command needs. */
export class PermissionError extends CommandError {
  override readonly name = 'PermissionError';
  /** The name in IAM, such as `ses:GetAccount`. */
  readonly permission: string;

  constructor(permission: string, options?: ErrorOptions) {
    super(
      `The current credentials may not do ${permission}. Use a role that allows it. docs/operating.md, "Permissions of the commands", lists what each command needs.`,
      options,
    );
    this.permission = permission;
  }
}

/** The names of a refusal. Each protocol has its own. */
const REFUSALS = [
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'NotAuthorized',
];

/**
 * Returns what AWS refused, or undefined for an error that is no refusal.
 *
 * @param permission the name that the error has if AWS names none. @default the message of AWS
 */
export function toPermissionError(error: unknown, permission?: string): PermissionError | undefined {
  if (!(error instanceof Error) || !REFUSALS.includes(error.name)) return undefined;
  const [, refused] = / perform: (\w+:\w+)/.exec(error.message) ?? [];
  return new PermissionError(refused ?? permission ?? `this (${error.message})`, { cause: error });
}
