import type { Context } from 'hono';
import type { Cadence } from '../domain/cadence.ts';
import type { ListId } from '../domain/lists.ts';
import type { Clock } from '../domain/time.ts';
import type { Publication } from '../mail/publication.ts';
import type { Telemetry } from '../observability.ts';
import type { WindowPorts } from '../pipeline/paper-window.ts';
import type { DeliveryHistory } from '../ports/deliveries.ts';
import type { EditionRepository } from '../ports/planning.ts';
import type { Queue, WebRequest } from '../ports/queues.ts';
import type {
  BudgetRepository,
  ErasableSubscriberRepository,
  MailAllowanceRepository,
  SuppressionRepository,
} from '../ports/subscribers.ts';
import type { Keyring } from '../subscribers/keys.ts';
import type { HourlyLimits } from '../subscribers/web-budgets.ts';

/** What the pages and the HTTP API need from outside. */
export interface WebAppPorts extends WindowPorts {
  readonly subscribers: ErasableSubscriberRepository;
  readonly suppressions: SuppressionRepository;
  readonly allowances: MailAllowanceRepository;
  readonly budgets: BudgetRepository;
  /** How many mails may be asked for in an hour. */
  readonly hourlyLimits: HourlyLimits;
  readonly editions: Pick<EditionRepository, 'eraseFromBatch'>;
  readonly history: DeliveryHistory;
  readonly requests: Queue<WebRequest>;
  readonly publication: Publication;
  /** How long the profile of a subscriber who left is kept, in days. */
  readonly leftRetentionDays: number;
  /** The lists that can be followed. */
  readonly lists: readonly ListId[];
  /** What somebody gets who says nothing of it. */
  readonly defaults: { readonly cadence: Cadence; readonly hour: number };
  /** The keys that sign links, and that turn addresses into ids. */
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** The IP address that a request came from; undefined where nobody knows. */
  readonly clientAddress: (context: Context) => string | undefined;
}
