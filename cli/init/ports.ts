import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings, SettingsInput } from '../../infra/settings/schema.ts';
import type { Delivery } from '../../shared/domain/digests/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { SentNow } from '../../shared/pipeline/send-now.ts';
import type { SourceStateRepository } from '../../shared/ports/papers.ts';
import type { AddPorts } from '../../shared/subscribers/operator-changes.ts';
import type { Stacks, Target } from '../deployment/find-deployment.ts';
import type { Dns, MailService } from '../doctor/ports.ts';

/** The options of `init`. */
export interface InitFlags {
  /** Path of the settings file, which is written if it is not there. */
  readonly settings: string;
  /** @default prod */
  readonly stage?: Settings['stage'];
  readonly name?: string;
  readonly from?: string;
  readonly arxiv?: string;
  readonly site?: string;
  readonly certificate?: string;
  readonly operator?: string;
  readonly timeZone?: string;
  readonly assembly?: string;
  readonly yes?: true;
  readonly verbose?: true;
}

/** A question that is answered with one line. */
interface Question {
  readonly words: string;
  /** The answer if nothing is typed. */
  readonly preset?: string;
  /** Returns the fault of an answer. Undefined for a good one. */
  readonly faultOf: (answer: string) => string | undefined;
}

/** Asks on the terminal. Undefined means Ctrl-C. */
export type Ask = (question: Question) => Promise<string | undefined>;

export interface SettingsFile {
  /**
   * Returns undefined if there is no file.
   *
   * @throws SettingsError for a file that cannot be read or has faults
   */
  load(): Promise<Settings | undefined>;
  /** @throws an error if the file is there already */
  save(settings: SettingsInput): Promise<void>;
}

export interface HostedZone {
  readonly id: string;
  /** `example.org` */
  readonly name: string;
}

export interface HostedZones {
  /** Finds the nearest public zone of a domain. Undefined if there is none in the account. */
  find(domain: string): Promise<HostedZone | undefined>;
}

export interface Verification extends Pick<MailService, 'loadAccount' | 'loadIdentity'> {
  /** Asks AWS to mail a link that verifies an address. A repeat changes nothing. */
  request(address: string): Promise<void>;
}

/** The commands that prepare the account and deploy. Each asks before it begins, and returns its exit code. */
interface Deployer {
  bootstrap(): Promise<number>;
  deploy(): Promise<number>;
}

/** What the last steps need from the deployment. */
export interface FirstReader extends AddPorts {
  /** The digests in the ledger. A record that cannot be read is left out. */
  loadDigests(id: Subscriber['id']): Promise<readonly Delivery[]>;
  /** The sources that the deployment reads. */
  readonly sources: readonly string[];
  readonly sourceStates: Pick<SourceStateRepository, 'load'>;
  /** Reads a source now. @throws CommandError if the function fails */
  readSource(source: string): Promise<ReadSource>;
  /** Sends the digest of today, and returns its state. */
  sendNow(subscriber: Subscriber): Promise<SentNow>;
}

/** What a read of a source returned. */
export interface ReadSource {
  readonly papers: number;
  /** The problems outside, in words. */
  readonly problems: readonly string[];
}

/** Shows that something takes time. */
export interface Waiting {
  /** Waits. False means Ctrl-C. */
  pause(): Promise<boolean>;
  stop(): void;
}

/** Everything that `init` needs from outside. */
export interface InitPorts {
  readonly say: (text: string) => void;
  /** Undefined without a terminal. */
  readonly ask: Ask | undefined;
  readonly startWaiting: (words: string) => Waiting;
  /** Returns the account and region of the credentials, after checking them against the settings. */
  readonly findTarget: (settings: Pick<Settings, 'stage' | 'account' | 'region'>) => Promise<Target>;
  readonly settingsFile: SettingsFile;
  readonly zones: HostedZones;
  readonly dns: Dns;
  readonly verification: Verification;
  readonly stacks: Stacks;
  readonly deployer: Deployer;
  /** Opens what the first digest needs of a deployment. */
  readonly openReader: (
    outputs: DataOutputs & PipelineOutputs,
    settings: Pick<Settings, 'leftRetentionDays' | 'lists'>,
  ) => Promise<FirstReader>;
  /** The time zone of the machine. */
  readonly timeZone: string;
}
