import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import type { Clock } from '../../shared/domain/time/time.ts';
import { listenOnLoopback } from '../emulators/loopback.ts';
import { createAccount, type SendLimits, type SesAccount } from './account.ts';
import { createEventQueue, type PublishEvent } from './event.ts';
import { createFaults, type Faults } from './faults.ts';
import { createInbox } from './inbox/inbox.tsx';
import { type MessageStore, openMessageStore, type StoredMessage } from './message-store.ts';
import { createSesRoutes } from './routes.ts';
import type { ConfigurationSet } from './submission.ts';

/** The SES account that the endpoint plays. */
export interface SesServerOptions extends SendLimits {
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
  /** Receives each message once it is stored. @default none */
  readonly onMail?: ((message: StoredMessage) => void) | undefined;
  /** Receives a line about each file in the folder that should be a message and is none. @default none */
  readonly onUnreadable?: ((line: string) => void) | undefined;
  /** The clock for rate, quota and all times. @default the system's clock */
  readonly clock?: Clock | undefined;
}

/** An endpoint that listens only on the loopback address. */
export interface SesServer {
  /** The `endpoint` of an SDK client: `http://127.0.0.1:40123/ses`. It has the protocol and `/faults`. */
  readonly url: string;
  /** The inbox in a browser: `http://127.0.0.1:40123/inbox`. */
  readonly inboxUrl: string;
  readonly account: SesAccount;
  readonly store: MessageStore;
  readonly faults: Faults;
  /** Resolves when all events so far are published or dropped. */
  settled(): Promise<void>;
  /** Closes all connections. Resolves when the port is free and all events are published. */
  close(): Promise<void>;
}

/**
 * Starts a local SES for the real `@aws-sdk/client-ses`. It checks, counts and throttles as SES does. It stores each message in a
 * folder, publishes events, shows an inbox, and fails on demand.
 */
export async function startSesEndpoint(options: SesServerOptions): Promise<SesServer> {
  const {
    clock = systemClock,
    identities,
    configurationSets = [],
    publish = async () => {},
    onMail,
    onPublishError = (error) => console.error('An SES event could not be published', error),
  } = options;
  const store = await openMessageStore(options.folder, options.onUnreadable);
  const past = store.list().map((message) => ({
    acceptedAt: message.acceptedAt,
    recipients: message.destinations.length,
  }));
  const account = createAccount(options, clock, past);
  const events = createEventQueue(publish, onPublishError);
  const faults = createFaults();
  const ports = { policy: { identities, configurationSets }, account, store, events, onMail, clock };
  const app = new Hono({ strict: false })
    .route('/ses', createSesRoutes(ports, faults))
    .route('/inbox', createInbox({ store, path: '/inbox', clock }));
  const server = await listenOnLoopback(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  return {
    url: `${server.url}/ses`,
    inboxUrl: `${server.url}/inbox`,
    account,
    store,
    faults,
    settled: events.settled,
    async close() {
      await server.close();
      await events.settled();
    },
  };
}
