import type { ClientOptions } from '../../shared/adapters/client-options.ts';

/** Everything local listens on this address only. */
export const LOOPBACK = '127.0.0.1';

/** What an SDK client needs to talk to an emulator; the credentials are no secret, emulators take any. */
export function localClientOptions(endpoint: string): ClientOptions {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}
