import type { Cohort } from '../../shared/domain/digests/cohort.ts';
import type { Clock, Instant } from '../../shared/domain/time/time.ts';
import type { SourceStateRepository } from '../../shared/ports/papers.ts';
import type { PlannerRepository } from '../../shared/ports/planning.ts';
import type { ErasableSubscriberRepository } from '../../shared/ports/subscribers.ts';
import type { Keyring } from '../../shared/subscribers/keys.ts';

/** The limits and the state of the account in SES. */
export interface SendingAccount {
  /** False in the sandbox, where only verified recipients are mailed. */
  readonly hasProductionAccess: boolean;
  readonly isSendingEnabled: boolean;
  /** In the words of SES: `HEALTHY`, `PROBATION`, `SHUTDOWN`. */
  readonly enforcement: string;
  /** Recipients in any 24 hours. It is -1 if there is no limit. */
  readonly max24HourSend: number;
  readonly accountRatePerSec: number;
  readonly sentLast24Hours: number;
  /** For which reasons the account suppresses addresses: `BOUNCE`, `COMPLAINT`. */
  readonly suppressed: readonly string[];
}

/** An address or a domain that SES knows. */
export interface SenderIdentity {
  readonly isVerified: boolean;
  readonly dkim: {
    readonly isSigning: boolean;
    /** In the words of SES: `SUCCESS`, `PENDING`, `FAILED`, `TEMPORARY_FAILURE`, `NOT_STARTED`. */
    readonly status: string;
  };
  /** The domain that bounces go to. Undefined if it belongs to SES. */
  readonly mailFrom?: {
    readonly domain: string;
    readonly status: string;
    /** Whether SES refuses to send while this domain fails. Otherwise it uses its own domain. */
    readonly isRequired: boolean;
  };
}

export interface ConfigurationSet {
  readonly isSendingEnabled: boolean;
  /** Undefined if those of the account apply. */
  readonly suppressed: readonly string[] | undefined;
}

export interface EventDestination {
  readonly isEnabled: boolean;
  /** Undefined if it is not a topic. */
  readonly topicArn: string | undefined;
  /** `BOUNCE`, `DELIVERY`, … */
  readonly events: readonly string[];
}

export interface MailService {
  loadAccount(): Promise<SendingAccount>;
  /** Undefined if SES does not know the address or domain. */
  loadIdentity(name: string): Promise<SenderIdentity | undefined>;
  loadConfigurationSet(name: string): Promise<ConfigurationSet | undefined>;
  loadEventDestinations(configurationSet: string): Promise<readonly EventDestination[]>;
}

export interface TopicSubscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly isConfirmed: boolean;
}

export interface Topics {
  loadSubscriptions(topicArn: string): Promise<readonly TopicSubscription[]>;
}

/** A queue and about how many messages it holds. */
export interface QueueDepth {
  readonly arn: string;
  readonly waiting: number;
  readonly inFlight: number;
}

export interface Queues {
  load(url: string): Promise<QueueDepth>;
}

/** An event source, which passes the messages of a queue to a function. */
export interface EventSource {
  readonly id: string;
  readonly queueArn: string;
  /** In the words of Lambda: `Enabled`, `Disabled`, `Creating`, `Updating`. */
  readonly state: string;
  /** The most functions that it runs concurrently. Undefined if there is no limit. */
  readonly maxConcurrency: number | undefined;
}

/** The limits of concurrent functions. */
export interface Concurrency {
  /** In the whole account and region. */
  readonly account: number;
  /** The rest for functions without a reservation. */
  readonly unreserved: number;
}

export interface Functions {
  loadEventSources(functionName: string): Promise<readonly EventSource[]>;
  loadConcurrency(): Promise<Concurrency>;
  /** The reserved concurrency of a function, 0 if it is switched off. Undefined if nothing is reserved. */
  loadReserved(functionName: string): Promise<number | undefined>;
}

export interface Dns {
  /**
   * Returns the TXT records of a name, each in one piece. There are none if the name does not exist.
   * @throws DnsError if no name server answers
   */
  fetchTexts(name: string): Promise<readonly string[]>;
}

/** No name server answered. Nothing is known about the records. */
export class DnsError extends Error {
  override readonly name = 'DnsError';
}

export interface WebRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  /** The fields of a form, and their encoding. */
  readonly form?: {
    readonly type: 'urlencoded' | 'multipart';
    readonly fields: Readonly<Record<string, string>>;
  };
}

export interface WebAnswer {
  readonly status: number;
  /** The target of a redirect, which is not followed. */
  readonly location?: string;
}

export interface Web {
  /** @throws WebError if no answer came */
  fetch(request: WebRequest): Promise<WebAnswer>;
}

type WebTrouble = 'name' | 'certificate' | 'time-out' | 'connection';

/** No answer came: the name has no address, the certificate is not trusted, it took too long, or the connection failed. */
export class WebError extends Error {
  override readonly name = 'WebError';
  readonly trouble: WebTrouble;

  constructor(trouble: WebTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
}

/** How many confirmed subscribers a cohort has. */
export interface CohortSize {
  readonly cohort: Cohort;
  readonly members: number;
}

/** The cohorts of a deployment. */
export interface CountedCohorts {
  readonly sizes: readonly CohortSize[];
  /** What is wrong with each stored cohort that cannot be read. */
  readonly faults: readonly string[];
}

export interface Cohorts {
  countAll(): Promise<CountedCohorts>;
}

/** The repository of subscribers that a check creates. */
export type ProbeRepository = Pick<ErasableSubscriberRepository, 'load' | 'save' | 'erase'>;

/** Everything that the checks need from outside. */
export interface DoctorPorts {
  readonly mail: MailService;
  readonly topics: Topics;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly stack: {
    /** When the pipeline was deployed last. */
    loadChangedAt(): Promise<Instant>;
  };
  readonly dns: Dns;
  readonly web: Web;
  readonly sourceStates: Pick<SourceStateRepository, 'load'>;
  readonly planner: Pick<PlannerRepository, 'load'>;
  readonly cohorts: Cohorts;
  /** Creates and erases the subscriber of a check. */
  readonly probes: ProbeRepository;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** Returns a new text of small letters and digits. */
  readonly newNonce: () => string;
}
