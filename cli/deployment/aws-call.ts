import type { ClientOptions } from '../../shared/adapters/client-options.ts';
import { PermissionError } from './errors.ts';

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** Returns the options of every SDK client in a command. The time-outs are short, because an operator waits. */
export function commandClientOptions(options: ClientOptions = {}) {
  return {
    ...options,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
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
 * Runs a call of an SDK client, and returns its answer.
 *
 * @param permission the permission that the call needs, such as `ses:GetAccount`
 * @throws PermissionError if the account refuses the call; any other error unchanged
 */
export async function permitted<Answer>(permission: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && REFUSALS.includes(error.name))
      throw new PermissionError(permission, { cause: error });
    throw error;
  }
}
