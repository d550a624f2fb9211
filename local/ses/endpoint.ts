import type { Hono } from 'hono';
import { type Clock, toInstant } from '../../shared/domain/time.ts';
import { createAccount, type SendLimits, type SesAccount } from './account.ts';
import type { PublishEvent } from './event.ts';
import { createEventQueue } from './event-queue.ts';
import { createFaults, type Faults } from './faults.ts';
import { createInbox } from './inbox/inbox.tsx';
import { type MessageStore, openMessageStore } from './message-store.ts';
import { createSesRoutes, type SesBindings } from './routes.ts';
import type { ConfigurationSet } from './submission.ts';

/** The SES account that the endpoint plays. */
export interface SesEndpointOptions extends SendLimits {
  /** Where accepted messages are kept; made where it is missing. What is there is in the inbox and counts as sent. */
  readonly folder: string;
  /** Verified senders, addresses and domains; a domain covers its subdomains. */
  readonly identities: readonly string[];
  /** @default none, so that a message that names one is refused */
  readonly configurationSets?: readonly ConfigurationSet[] | undefined;
  /** Takes the events of messages whose configuration set has a destination. @default nobody does */
  readonly publish?: PublishEvent | undefined;
  /** Told of events that could not be published. @default writes them to the console */
  readonly onPublishError?: ((error: unknown) => void) | undefined;
  /** Whether only verified recipients and the mailbox simulator can be mailed. @default false */
  readonly isSandbox?: boolean | undefined;
  /** What rate, quota and all times go by. @default the system's clock */
  readonly clock?: Clock | undefined;
  /** @default 'us-east-1' */
  readonly region?: string | undefined;
  /** Twelve digits. @default '123456789012' */
  readonly accountId?: string | undefined;
  /** The path under which the inbox is mounted, for the links in its pages. @default '/inbox' */
  readonly inboxPath?: string | undefined;
}

/** An endpoint to be mounted into a server. */
export interface SesEndpoint {
  /** The protocol, and `/faults`; the SDK's `endpoint` is where it is mounted: `http://127.0.0.1:3000/ses`. */
  readonly routes: Hono<SesBindings>;
  /** The pages, to be mounted at `inboxPath`. */
  readonly inbox: Hono;
  readonly account: SesAccount;
  readonly store: MessageStore;
  readonly faults: Faults;
  /** Resolves once all events so far are published or given up. */
  settled(): Promise<void>;
}

/**
 * Makes an SES of our own that the real `@aws-sdk/client-ses` talks to: it checks, counts and throttles as SES does, keeps
 * each message in a folder, publishes events, shows an inbox, and fails on demand.
 *
 * @throws Error where the folder holds something else than messages
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
