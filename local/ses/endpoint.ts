import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { type Clock, toInstant } from '../../shared/domain/time.ts';
import { createAccount, type SendLimits, type SesAccount } from './account.ts';
import { createEventQueue, type PublishEvent } from './event.ts';
import { createFaults, type Faults } from './faults.ts';
import { createInbox } from './inbox/inbox.tsx';
import { type MessageStore, openMessageStore } from './message-store.ts';
import { createSesRoutes, type SesBindings } from './routes.ts';
import type { ConfigurationSet } from './submission.ts';

/** The SES account that the endpoint plays. */
export interface SesEndpointOptions extends SendLimits {
  /** The folder of accepted messages, created if missing. Existing messages are in the inbox and count as sent. */
  readonly folder: string;
  /** Verified addresses and domains. A domain covers its subdomains. */
  readonly identities: readonly string[];
  /** @default none, so a message that names one is refused */
  readonly configurationSets?: readonly ConfigurationSet[] | undefined;
  /** Receives the events of messages if their configuration set publishes them. @default events are dropped */
  readonly publish?: PublishEvent | undefined;
  /** Receives the error of an event that could not be published. @default writes it to the console */
  readonly onPublishError?: ((error: unknown) => void) | undefined;
  /** Whether only verified recipients and the mailbox simulator can get mail. @default false */
  readonly isSandbox?: boolean | undefined;
  /** The clock for rate, quota and all times. @default the system's clock */
  readonly clock?: Clock | undefined;
  /** @default 'us-east-1' */
  readonly region?: string | undefined;
  /** Twelve digits. @default '123456789012' */
  readonly accountId?: string | undefined;
  /** The path of the inbox, for the links in its pages. @default '/inbox' */
  readonly inboxPath?: string | undefined;
}

/** An endpoint without a server of its own. */
export interface SesEndpoint {
  /** The protocol and `/faults`. The SDK's `endpoint` is their mount: `http://127.0.0.1:3000/ses`. */
  readonly routes: Hono<SesBindings>;
  /** The pages of the inbox, to be mounted at `inboxPath`. */
  readonly inbox: Hono;
  readonly account: SesAccount;
  readonly store: MessageStore;
  readonly faults: Faults;
  /** Resolves when all events so far are published or dropped. */
  settled(): Promise<void>;
}

/**
 * Creates a local SES for the real `@aws-sdk/client-ses`. It checks, counts and throttles as SES does. It stores each message in a
 * folder, publishes events, shows an inbox, and fails on demand.
 *
 * @throws Error if a `.json` file in the folder is not a stored message
 */
export async function createSesEndpoint(options: SesEndpointOptions): Promise<SesEndpoint> {
  const {
    clock = { now: () => toInstant(Date.now()) },
    region = 'us-east-1',
    accountId = '123456789012',
    configurationSets = [],
    isSandbox = false,
    inboxPath = '/inbox',
    publish = async () => {},
    onPublishError = (error) => console.error('An SES event could not be published', error),
  } = options;
  const store = await openMessageStore(options.folder);
  const past = store.list().map((message) => ({
    acceptedAt: message.acceptedAt,
    recipients: message.destinations.length,
  }));
  const account = createAccount(options, clock, past);
  const events = createEventQueue(publish, onPublishError);
  const faults = createFaults();
  const policy = { region, identities: options.identities, configurationSets, isSandbox };

  return {
    routes: createSesRoutes({ policy, accountId, account, store, events, clock }, faults),
    inbox: createInbox({ store, path: inboxPath, clock }),
    account,
    store,
    faults,
    settled: events.settled,
  };
}

/** The options of an endpoint with a server of its own. */
export interface SesServerOptions extends Omit<SesEndpointOptions, 'inboxPath'> {
  /** @default 0, any free port */
  readonly port?: number | undefined;
}

/** An endpoint that listens only on the loopback address. */
export interface SesServer extends Pick<SesEndpoint, 'account' | 'store' | 'faults' | 'settled'> {
  /** The `endpoint` of an SDK client: `http://127.0.0.1:40123/ses`. */
  readonly url: string;
  /** The inbox in a browser: `http://127.0.0.1:40123/inbox`. */
  readonly inboxUrl: string;
  /** Closes all connections. Resolves when the port is free and all events are published. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Longer than any client here leaves a connection idle. With Node's default of 5 seconds, the server could close a connection
 * just as the client sends a mail. The send status of that mail would be unknown.
 */
const KEEP_ALIVE_MS = 600_000;

/**
 * Starts an endpoint on its own server on the loopback address.
 *
 * @throws Error if the port is in use or the folder cannot be read
 */
export async function startSesEndpoint(options: SesServerOptions): Promise<SesServer> {
  const { routes, inbox, account, store, faults, settled } = await createSesEndpoint({
    ...options,
    inboxPath: '/inbox',
  });
  const app = new Hono({ strict: false }).route('/ses', routes).route('/inbox', inbox);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  server.listen(options.port ?? 0, HOST);
  await once(server, 'listening');
  const origin = `http://${HOST}:${toPort(server.address())}`;

  return {
    url: `${origin}/ses`,
    inboxUrl: `${origin}/inbox`,
    account,
    store,
    faults,
    settled,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await settled();
    },
  };
}

function toPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error(`not a port: ${address}`);
  return address.port;
}
