import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { ListId } from '../domain/lists/lists.ts';
import type { Clock } from '../domain/time/time.ts';
import type { Telemetry } from '../observability.ts';
import type { WindowPorts } from '../pipeline/paper-window.ts';
import type { ArchiveReader } from '../ports/archive.ts';
import type { DeliveryHistory } from '../ports/deliveries.ts';
import type { ListingRepository, PaperRepository, SourceStateRepository } from '../ports/papers.ts';
import type { BatchRepository } from '../ports/planning.ts';
import type { Queue, QueuedWebRequest } from '../ports/queues.ts';
import type { PaperSearch } from '../ports/search.ts';
import type { SnapshotReader } from '../ports/snapshots.ts';
import type {
  BudgetRepository,
  ErasableSubscriberRepository,
  MailAllowanceRepository,
  SuppressionRepository,
} from '../ports/subscribers.ts';
import type { Publication } from '../presentation/publication.ts';
import type { SubscriberDefaults } from '../subscribers/ask-for-mail.ts';
import type { Keyring } from '../subscribers/keys.ts';
import type { HourlyLimits } from '../subscribers/web-budgets.ts';

/** The ports of the pages and the HTTP API. */
export interface WebAppPorts extends WindowPorts {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly listings: Pick<ListingRepository, 'load' | 'loadOfPaper'>;
  readonly snapshots: SnapshotReader;
  readonly archive: ArchiveReader;
  readonly sourceStates: Pick<SourceStateRepository, 'load'>;
  readonly search: PaperSearch;
  readonly subscribers: ErasableSubscriberRepository;
  readonly suppressions: SuppressionRepository;
  readonly allowances: MailAllowanceRepository;
  readonly budgets: BudgetRepository;
  /** Limits of requests and mails in an hour. */
  readonly hourlyLimits: HourlyLimits;
  readonly editions: Pick<BatchRepository, 'replaceErased'>;
  readonly history: DeliveryHistory;
  readonly requests: Queue<QueuedWebRequest>;
  readonly publication: Publication;
  /** How long the profile of a subscriber who left is kept, in days. */
  readonly leftRetentionDays: number;
  /** The lists that can be followed. */
  readonly lists: readonly ListId[];
  /** The choices of a reader who makes none. */
  readonly defaults: SubscriberDefaults;
  /** The keys that sign links, and that turn addresses into ids. */
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Returns the IP address of the client, or undefined if it is unknown. */
  readonly clientAddress: (context: Context) => string | undefined;
  /** @default none */
  readonly localNotes?: LocalNotes | undefined;
}

/** Notes on pages if the app runs on one machine. */
interface LocalNotes {
  /** Returns the note below the papers of the front page. */
  readonly home: () => Child;
  /** Returns a note about the origin of the papers, for the page of the lists. A sample may have papers on days when its list had none. */
  readonly lists: () => Child;
  /** Returns a note about where to read mails. */
  readonly mail: () => Child;
}
