import type { ClientOptions, TimeLimits } from '../../shared/adapters/client-options.ts';

// The SDK warns on every start that its releases of 2027 will want Node 22. The release used here is locked and runs on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Everything local listens on this address only. */
export const LOOPBACK = '127.0.0.1';

/** An emulator shares this machine with whatever else runs on it, and answers in the end. */
const LOOPBACK_TIME_LIMITS: TimeLimits = { connectionTimeout: 300_000, requestTimeout: 300_000 };

/** What an SDK client needs to talk to an emulator; the credentials are no secret, emulators take any. */
export function localClientOptions(endpoint: string): ClientOptions {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    timeLimits: LOOPBACK_TIME_LIMITS,
  };
}
