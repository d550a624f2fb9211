import { isNativeError } from 'node:util/types';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { UnavailableError } from '../domain/errors.ts';

/** The part of an SDK client that wraps its calls. */
interface SdkClient {
  readonly middlewareStack: {
    add(
      wrap: <Result>(call: (args: never) => Promise<Result>) => (args: never) => Promise<Result>,
      options: { readonly step: 'initialize'; readonly name: string; readonly priority: 'high' },
    ): void;
  };
}

/**
 * Makes the calls of a client throw {@link UnavailableError} when all retries of the SDK failed. The cause is a time-out, a broken
 * connection, throttling or a 5xx. Every other error stays as it is. Returns the client.
 */
export function reportOutages<Client extends SdkClient>(client: Client): Client {
  client.middlewareStack.add(
    (call) => async (args) => {
      try {
        return await call(args);
      } catch (error) {
        if (!isOutage(error)) throw error;
        throw new UnavailableError(`a service is not available: ${error.name}: ${error.message}`, {
          cause: error,
        });
      }
    },
    { step: 'initialize', name: 'reportOutages', priority: 'high' },
  );
  return client;
}

type SdkError = Parameters<typeof isServerError>[0];

function isOutage(error: unknown): error is SdkError {
  return (
    isNativeError(error) &&
    [isTransientError, isThrottlingError, isServerError].some((is) => is(error as SdkError))
  );
}
