import type { Cohort } from '../../shared/domain/cohort.ts';
import type { Clock, Instant } from '../../shared/domain/time.ts';
import type { SourceStateRepository } from '../../shared/ports/papers.ts';
import type { PlannerRepository } from '../../shared/ports/planning.ts';
import type { ErasableSubscriberRepository } from '../../shared/ports/subscribers.ts';
import type { Keyring } from '../../shared/subscribers/keys.ts';

/** What SES allows the account. */
export interface SendingAccount {
  /** False in the sandbox, where only verified recipients are mailed. */
  readonly hasProductionAccess: boolean;
  readonly isSendingEnabled: boolean;
  /** In the words of SES: `HEALTHY`, `PROBATION`, `SHUTDOWN`. */
  readonly enforcement: string;
  /** Recipients in any 24 hours; -1 where there is no limit. */
  readonly max24HourSend: number;
  readonly maxRatePerSec: number;
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
  /** The domain that bounces go to; undefined where it is one of SES. */
  readonly mailFrom?: {
    readonly domain: string;
    readonly status: string;
    /** Whether SES refuses to send, rather than to use its own domain, while this one fails. */
    readonly isRequired: boolean;
  };
}

export interface ConfigurationSet {
  readonly isSendingEnabled: boolean;
  /** Undefined where those of the account apply. */
  readonly suppressed: readonly string[] | undefined;
}

export interface EventDestination {
  readonly isEnabled: boolean;
  /** Undefined where it is no topic. */
  readonly topicArn: string | undefined;
  /** `BOUNCE`, `DELIVERY`, … */
  readonly events: readonly string[];
}

export interface MailService {
  loadAccount(): Promise<SendingAccount>;
  /** Undefined where SES does not know the address or domain. */
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

/** What hands the messages of a queue to a function. */
export interface EventSource {
  readonly id: string;
  readonly queueArn: string;
  /** In the words of Lambda: `Enabled`, `Disabled`, `Creating`, `Updating`. */
  readonly state: string;
  /** How many functions it may start at once; undefined where there is no limit. */
  readonly maxConcurrency: number | undefined;
}

/** How many functions may run at once. */
export interface Concurrency {
  /** In the whole account and region. */
  readonly account: number;
  /** What is left of it for functions without a reservation. */
  readonly unreserved: number;
}

export interface Functions {
  loadEventSources(functionName: string): Promise<readonly EventSource[]>;
  loadConcurrency(): Promise<Concurrency>;
  /** How many of a function may run at once, 0 if it is switched off; undefined where nothing is reserved. */
  loadReserved(functionName: string): Promise<number | undefined>;
}

export interface Dns {
  /**
   * The TXT records of a name, each in one piece; none where the name has none or does not exist.
   * @throws DnsError when nobody answers
   */
  fetchTexts(name: string): Promise<readonly string[]>;
}

/** Nobody knew, or nobody answered; that says nothing of the records. */
export class DnsError extends Error {
  override readonly name = 'DnsError';
}

export interface WebRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  /** Fields, and how they are written. */
  readonly form?: {
    readonly type: 'urlencoded' | 'multipart';
    readonly fields: Readonly<Record<string, string>>;
  };
}

export interface WebAnswer {
  readonly status: number;
  /** Where a redirect leads; it is not followed. */
  readonly location?: string;
}

export interface Web {
  /** @throws WebError where no answer came */
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

export interface Cohorts {
  countAll(): Promise<readonly CohortSize[]>;
}

/** Where a subscriber is kept who is made for a check. */
export type ProbeRepository = Pick<ErasableSubscriberRepository, 'load' | 'save' | 'erase'>;

/** Everything that the doctor asks. */
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
  /** Where a subscriber is made to try something out, and erased again. */
  readonly probes: ProbeRepository;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** A text that was never given before, of small letters and digits. */
  readonly newNonce: () => string;
}
