import { loadSettings } from '../../infra/settings/load-settings.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { statusAt } from '../../shared/domain/pause.ts';
import type { Subscriber, SubscriberStatus } from '../../shared/domain/subscriber.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { type CommandContext, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { toCostText } from '../deployment/table-reads.ts';
import { createProgress } from '../progress.ts';
import { openSubscribers, type StoredProfiles } from './open-subscribers.ts';

/** Which subscribers a page shows. */
export interface PageRequest {
  readonly status?: SubscriberStatus | undefined;
  /** Subscribers on the page, 1 to 1000. */
  readonly limit: number;
  /** The last id of the previous page. */
  readonly after?: Subscriber['id'] | undefined;
}

const MAX_LIMIT = 1000;
const STATUS_WIDTH = 'unsubscribed'.length;

/** Lists a page of subscribers, and returns the exit code. */
export async function runList(
  given: {
    readonly settings: string;
    readonly status?: SubscriberStatus;
    readonly limit?: string;
    readonly after?: string;
    readonly json?: true;
  },
  context: Pick<CommandContext, 'print' | 'printError' | 'terminal'>,
): Promise<number> {
  const request = { status: given.status, limit: parseLimit(given.limit), after: given.after };
  const ports = await openSubscribers(loadSettings(given.settings));
  const costOf = ports.meterReads();
  const code = await listPage(ports, request, given.json ?? false, context);
  context.printError(toCostText(costOf()));
  return code;
}

/** @throws InvalidInputError unless it is a whole number from 1 to 1000 */
export function parseLimit(text = '100'): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidInputError(`--limit is "${text}": expected a whole number from 1 to ${MAX_LIMIT}`);
}

/** Reads profiles until the page is full, prints it, and returns the exit code. */
export async function listPage(
  { profiles, clock }: { readonly profiles: Pick<StoredProfiles, 'loadAll'>; readonly clock: Clock },
  { status, limit, after }: PageRequest,
  isJson: boolean,
  { print, printError, terminal }: Pick<CommandContext, 'print' | 'printError' | 'terminal'>,
): Promise<number> {
  const now = clock.now();
  const page: Subscriber[] = [];
  let next: Subscriber['id'] | undefined;
  let leftOut = 0;
  const progress = createProgress(terminal, { verb: 'Read', unit: 'profiles' });
  try {
    for await (const { subscriber, fault } of profiles.loadAll(after)) {
      progress.advance();
      if (fault !== undefined) {
        leftOut += 1;
        progress.clear();
        printError(`left out: ${fault}`);
      } else if (status === undefined || statusAt(subscriber, now) === status) {
        if (page.length === limit) {
          next = page.at(-1)?.id;
          break;
        }
        page.push(subscriber);
      }
    }
  } finally {
    progress.stop();
  }
  const rows = page.map((one) => ({ id: one.id, address: one.address, status: statusAt(one, now) }));
  if (isJson) print(JSON.stringify({ subscribers: rows, ...(next !== undefined && { next }) }));
  else for (const row of rows) print(`${row.status.padEnd(STATUS_WIDTH)}  ${row.id}  ${row.address}`);
  if (!isJson && next !== undefined) printError(`There are more. For the next page, add --after=${next}`);
  return leftOut > 0 ? EXIT_TROUBLE : EXIT_OK;
}
