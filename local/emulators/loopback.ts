import type { ClientOptions, TimeLimits } from '../../shared/adapters/client-options.ts';

// On every start the SDK warns that its releases of 2027 need Node 22. The locked release runs on Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** All local services listen only on this address. */
export const LOOPBACK = '127.0.0.1';

/** Generous limits, because an emulator on a busy machine answers late. */
const LOOPBACK_TIME_LIMITS: TimeLimits = { connectionTimeout: 300_000, requestTimeout: 300_000 };

/** Returns the options of an SDK client for an emulator. Emulators accept any credentials. */
export function localClientOptions(endpoint: string): ClientOptions {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    timeLimits: LOOPBACK_TIME_LIMITS,
  };
}
