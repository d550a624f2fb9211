import type { ClientOptions } from '../../../shared/adapters/client-options.ts';

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
