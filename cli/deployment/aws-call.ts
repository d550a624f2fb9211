import type { ClientOptions } from '../../shared/adapters/client-options.ts';
import { toPermissionError } from './errors.ts';

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

/**
 * Runs a call of an SDK client, and returns its answer.
 *
 * @param permission the permission that the call needs, such as `ses:GetAccount`
 * @throws PermissionError if the account refuses the call; any other error unchanged. If AWS says which action it refused,
 * the error names that one: a method that saves may read first.
 */
export async function permitted<Answer>(permission: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw toPermissionError(error, permission) ?? error;
  }
}

/** The methods that answer later. */
type AsyncMethodOf<Repository> = {
  [Name in keyof Repository]: Repository[Name] extends (...input: never[]) => Promise<unknown> ? Name : never;
}[keyof Repository];

/**
 * Returns the named methods of a repository. If the account refuses one, the error names the permission that it needs.
 *
 * @param permissions the permission of each method, by its name
 */
export function withPermissions<Repository extends object, Method extends AsyncMethodOf<Repository> & string>(
  repository: Repository,
  permissions: Readonly<Record<Method, string>>,
): Pick<Repository, Method> {
  const wrapped = Object.entries<string>(permissions).map(([name, permission]) => {
    const method = repository[name as Method] as (...input: readonly unknown[]) => Promise<unknown>;
    return [name, (...input: readonly unknown[]) => permitted(permission, () => method(...input))];
  });
  return Object.fromEntries(wrapped);
}
