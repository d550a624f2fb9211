import { randomUUID } from 'node:crypto';
import type { ListId } from '../domain/lists/lists.ts';
import { DEFAULT_SORT } from '../domain/papers/sort.ts';
import type { Cadence } from '../domain/subscribers/cadence.ts';
import { mayGetLink } from '../domain/subscribers/sign-up.ts';
import { DEFAULT_MAX_PAPERS, type SignUp, type Subscriber } from '../domain/subscribers/subscriber.ts';
import type { SubscriptionFields } from '../domain/subscribers/subscription.ts';
import type { Clock } from '../domain/time/time.ts';
import type { Telemetry } from '../observability.ts';
import { enqueueAll } from '../pipeline/enqueue-all.ts';
import { type Queue, type QueuedWebRequest, toQueuedRequest, type WebRequest } from '../ports/queues.ts';
import type { BudgetRepository } from '../ports/subscribers.ts';
import type { Keyring } from './keys.ts';
import { dataLinkBudgetOf, type HourlyLimits, requestBudgetsOf } from './web-budgets.ts';

export interface AskForMailPorts {
  readonly budgets: BudgetRepository;
  readonly hourlyLimits: HourlyLimits;
  readonly requests: Queue<QueuedWebRequest>;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Queues a request from the web that is answered by mail. Returns false if this client or its network asked too often in this hour.
 * It does the same work for every address and looks nothing up, so the answer does not reveal who is subscribed.
 *
 * @param clientAddress the IP address of the client
 */
export async function askForMail(
  ports: AskForMailPorts,
  clientAddress: string | undefined,
  request: WebRequest,
): Promise<boolean> {
  const isAccepted = await spendRequest(ports, clientAddress, request.kind);
  if (isAccepted) await enqueueAll(ports.requests, [toQueuedRequest(request)]);
  return isAccepted;
}

/**
 * Queues a mail with a data link, for a subscriber who holds a manage link.
 *
 * - `too-many-links` means that the subscriber asked for as many links today as a day allows.
 * - `too-many-requests` means that this client or its network asked too often in this hour. It uses up no link of the day.
 * - `unmailable` means that the address gets no mail: it bounced, complained, or was never confirmed.
 *
 * @param clientAddress the IP address of the client
 */
export async function askForDataLink(
  ports: AskForMailPorts,
  { id, address, status }: Pick<Subscriber, 'id' | 'address' | 'status'>,
  clientAddress: string | undefined,
): Promise<'asked' | 'too-many-links' | 'too-many-requests' | 'unmailable'> {
  if (!mayGetLink({ status })) return 'unmailable';
  const request = { kind: 'data-link', id: randomUUID(), address } as const;
  if (!(await spendRequest(ports, clientAddress, request.kind))) return 'too-many-requests';
  if (!(await ports.budgets.spend(dataLinkBudgetOf(id, ports.clock.now())))) return 'too-many-links';
  await enqueueAll(ports.requests, [toQueuedRequest(request)]);
  return 'asked';
}

/** Counts a request against the hourly limits. Returns false if one of them refuses it. */
async function spendRequest(
  { budgets, hourlyLimits, keyring, clock, telemetry }: AskForMailPorts,
  clientAddress: string | undefined,
  kind: WebRequest['kind'],
): Promise<boolean> {
  const { idKey } = await keyring.load();
  const { client, total, network } = requestBudgetsOf(hourlyLimits, kind, clientAddress, idKey, clock.now());
  if (!(await budgets.spend(client))) return false;
  if ((await budgets.spend(total)) || (await budgets.spend(network))) return true;
  telemetry.warn('A budget is used up', { budget: 'network', request: kind });
  telemetry.count('BudgetsUsedUp', 1);
  return false;
}

/** The choices of a reader who signs up. */
interface SignUpChoices {
  readonly timeZone: string;
  readonly hour?: number | undefined;
  readonly subscription?: SubscriptionFields | undefined;
  /** The text that the reader agreed to. */
  readonly text: string;
}

export interface SignUpDefaults {
  readonly clock: Clock;
  readonly defaults: SubscriberDefaults;
}

/** The choices of a reader who makes none. */
export interface SubscriberDefaults {
  readonly cadence: Cadence;
  readonly hour: number;
  readonly lists: readonly ListId[];
}

/** Returns a sign-up as it is stored until it is confirmed. Choices that are left out get the defaults of the publication. */
export function toSignUp(
  { clock, defaults }: SignUpDefaults,
  { timeZone, hour = defaults.hour, subscription, text }: SignUpChoices,
  clientAddress: string | undefined,
): SignUp {
  const { cadence, lists } = defaults;
  const fields = subscription ?? {
    lists: [...lists],
    query: '',
    cadence,
    maxPapers: DEFAULT_MAX_PAPERS,
    sort: DEFAULT_SORT,
  };
  return {
    at: clock.now(),
    from: clientAddress ?? 'unknown',
    text,
    timeZone,
    hour,
    subscriptions: [{ id: 's1', ...fields }],
  };
}
