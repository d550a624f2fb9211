import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientOptions } from '../../shared/adapters/client-options.ts';
import type { TimeLimits } from '../../shared/adapters/connections.ts';

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

/** A server on the loopback address. */
export interface LoopbackServer {
  /** Where it listens, without a path: `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Stops listening and drops every open connection. A repeat does nothing. */
  close(): Promise<void>;
}

/**
 * Longer than any client here leaves a connection idle. With Node's default of 5 seconds, a server could close a connection just as
 * the client sends a mail. The send status of that mail would be unknown.
 */
const KEEP_ALIVE_MS = 600_000;

/** Starts a server on a free port of the loopback address. */
export async function listenOnLoopback(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
