import type { ClientOptions } from '../../shared/adapters/client-options.ts';
import { PermissionError } from './errors.ts';

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** What every client of a command is told: somebody waits in front of it, so it gives up in time. */
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

/** What the services call a refusal: each protocol has its own name for it. */
const REFUSALS = [
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'NotAuthorized',
];

/**
 * Makes a call of an SDK client.
 *
 * @param permission what it needs, as IAM names it: `ses:GetAccount`
 * @throws PermissionError where the account refuses it; any other error as it is
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
