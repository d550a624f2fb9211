import type {
  ConfigurationSet,
  Dns,
  DoctorPorts,
  EventDestination,
  EventSource,
  SenderIdentity,
  SendingAccount,
} from '../../../cli/doctor/ports.ts';
import { createKeys } from '../../../local/keys.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import type { Clock } from '../../../shared/domain/time/time.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

export const NOW = '2026-01-05T14:00:00.000Z';

/** An account out of the sandbox, with whatever a test cares about. */
export function createAccount(overrides: Partial<SendingAccount> = {}): SendingAccount {
  return {
    hasProductionAccess: true,
    isSendingEnabled: true,
    enforcement: 'HEALTHY',
    max24HourSend: 50_000,
    accountRatePerSec: 14,
    sentLast24Hours: 120,
    suppressed: [],
    ...overrides,
  };
}

/** An identity that SES verified and signs for. */
export function createIdentity(overrides: Partial<SenderIdentity> = {}): SenderIdentity {
  return { isVerified: true, dkim: { isSigning: true, status: 'SUCCESS' }, ...overrides };
}

export function createConfigurationSet(overrides: Partial<ConfigurationSet> = {}): ConfigurationSet {
  return { isSendingEnabled: true, suppressed: ['BOUNCE', 'COMPLAINT'], ...overrides };
}

export const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:feedback';

export function createDestination(overrides: Partial<EventDestination> = {}): EventDestination {
  return {
    isEnabled: true,
    topicArn: TOPIC,
    events: ['BOUNCE', 'COMPLAINT', 'REJECT', 'SEND', 'DELIVERY'],
    ...overrides,
  };
}

/** Name servers that know these TXT records. */
export function createDns(records: Readonly<Record<string, readonly string[]>>): Dns {
  return { fetchTexts: async (name) => records[name] ?? [] };
}

/** Profiles in memory that can be removed; those left are in `left`. */
export function createProbes(clock: Clock) {
  const { subscribers } = createFakeRepositories(clock);
  const removed = new Set<string>();
  const saved = new Set<string>();
  return {
    load: async (id: Subscriber['id']) => (removed.has(id) ? undefined : subscribers.load(id)),
    save: async (subscriber: Subscriber) => {
      saved.add(subscriber.id);
      return subscribers.save(subscriber);
    },
    erase: async (id: Subscriber['id']) => void removed.add(id),
    left: () => [...saved].filter((id) => !removed.has(id)),
  };
}

export const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:111122223333:feedback';

export function createEventSource(overrides: Partial<EventSource> = {}): EventSource {
  return { id: 'source-1', queueArn: QUEUE_ARN, state: 'Enabled', maxConcurrency: 2, ...overrides };
}

/** An account in which all is well but the pages, which a test makes itself. */
export function createPorts(overrides: Partial<DoctorPorts> = {}): DoctorPorts {
  const clock = createManualClock(NOW);
  const keys = createKeys();
  let nonce = 0;
  return {
    mail: {
      loadAccount: async () => createAccount(),
      loadIdentity: async () => createIdentity(),
      loadConfigurationSet: async () => createConfigurationSet(),
      loadEventDestinations: async () => [createDestination()],
    },
    topics: {
      loadSubscriptions: async () => [{ protocol: 'sqs', endpoint: QUEUE_ARN, isConfirmed: true }],
    },
    queues: { load: async () => ({ arn: QUEUE_ARN, waiting: 0, inFlight: 0 }) },
    functions: {
      loadEventSources: async () => [createEventSource()],
      loadConcurrency: async () => ({ account: 1000, unreserved: 1000 }),
      loadReserved: async () => undefined,
    },
    stack: { loadChangedAt: async () => '2026-01-01T09:00:00.000Z' },
    dns: createDns({
      'example.org': ['v=spf1 include:amazonses.com ~all'],
      '_dmarc.example.org': ['v=DMARC1; p=none'],
    }),
    web: { fetch: async () => ({ status: 200 }) },
    sourceStates: {
      load: async () => ({
        lists: {
          'hf-daily': {
            lastSuccessAt: '2026-01-05T13:55:00.000Z',
            lastNewAt: '2026-01-05T09:00:00.000Z',
            failuresInARow: 0,
          },
        },
      }),
    },
    planner: { load: async () => ({ lastTick: NOW, arrivals: {} }) },
    cohorts: {
      countAll: async () => ({
        sizes: [{ cohort: { cadence: 'daily', timeZone: 'Europe/Berlin', hour: 8 }, members: 30 }],
        faults: [],
      }),
    },
    probes: createProbes(clock),
    keyring: { load: async () => keys },
    clock,
    newNonce: () => {
      nonce += 1;
      return `nonce${nonce}`;
    },
    ...overrides,
  };
}
