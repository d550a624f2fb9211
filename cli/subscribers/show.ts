import { loadSettings } from '../../infra/settings/load-settings.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { MAX_UNANSWERED, NEVER_TAKEN } from '../../shared/domain/subscribers/mail-allowance.ts';
import { statusAt } from '../../shared/domain/subscribers/pause.ts';
import type { Subscriber, SubscriberStatus } from '../../shared/domain/subscribers/subscriber.ts';
import type { Clock, Instant } from '../../shared/domain/time/time.ts';
import { toNewsText, toSchedule, toSortText } from '../../shared/presentation/subscription-wording.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import { exportSubscriber, type PersonalData } from '../../shared/subscribers/personal-data.ts';
import { toChangeText, toMomentText } from '../../shared/subscribers/status-text.ts';
import { parseSubscriberName, toNamedSubscriber } from '../../shared/subscribers/subscriber-id.ts';
import { type CommandContext, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { toCostText } from '../deployment/table-reads.ts';
import { createProgress } from '../progress.ts';
import { openSubscribers, type StoredProfiles } from './open-subscribers.ts';
import { nobody, toName } from './operator-changes.ts';

/** Shows the stored data of a subscriber, and returns the exit code. */
export async function runShow(
  given: { readonly who: string; readonly settings: string; readonly json?: true },
  { print }: Pick<CommandContext, 'print'>,
): Promise<number> {
  const name = parseSubscriberName(given.who);
  const ports = await openSubscribers(loadSettings(given.settings));
  const { idKey } = await ports.keyring.load();
  const named = toNamedSubscriber(name, idKey);
  const data = await exportSubscriber(ports, named.id);
  if (!data) throw await nobody(ports, named);
  print(given.json ? JSON.stringify(data) : toPersonalDataText(data, ports.clock.now()));
  return EXIT_OK;
}

/** Returns the stored data of a subscriber, one fact on each line. */
export function toPersonalDataText({ profile, digests, requestedMail }: PersonalData, now: Instant): string {
  const { consent, signUp, softBounces, statusChanges } = profile;
  const lines = [
    toName(profile),
    `Status: ${toStatusLine(profile, now)}`,
    ...(statusChanges.length > 0
      ? [
          'Status changes:',
          ...statusChanges.map(
            (change, position) => `  ${toChangeText(change, statusChanges[position - 1]?.status)}`,
          ),
        ]
      : ['Status changes: none recorded']),
    'Digests:',
    ...profile.subscriptions.map((subscription) => `  ${toSubscriptionLine(subscription, profile)}`),
    `${profile.status === 'unconfirmed' ? 'Signed up' : 'Consent'}: on ${toMomentText(consent.at)}, from ${consent.from}: "${consent.text}"`,
    ...(consent.replaces ? [`Moved here from: ${consent.replaces}`] : []),
    ...(signUp ? [toSignUpLine(signUp)] : []),
    ...(softBounces > 0 ? [`Soft bounces in a row: ${softBounces}`] : []),
    ...(requestedMail ? [`Mails requested on the web: ${toAllowanceText(requestedMail)}`] : []),
    toDigestsLine(digests),
  ];
  return lines.join('\n');
}

function toSignUpLine({ at, from, replaces }: NonNullable<Subscriber['signUp']>): string {
  const move = replaces ? ` to move here from ${replaces}` : '';
  return `A sign-up of ${toMomentText(at)} from ${from}${move} is not confirmed yet`;
}

function toStatusLine(profile: Subscriber, now: Instant): string {
  const status = statusAt(profile, now);
  if (status !== profile.status) return `${status}: the pause ended on ${profile.pausedUntil}`;
  return status === 'paused' && profile.pausedUntil ? `paused until ${profile.pausedUntil}` : status;
}

/** `daily, every day at 08:00 (Europe/Berlin): hf-daily, papers that match agents, newest papers first` */
function toSubscriptionLine(
  subscription: Subscriber['subscriptions'][number],
  profile: Pick<Subscriber, 'hour' | 'weekday' | 'timeZone'>,
): string {
  const { cadence, lists, query, sort } = subscription;
  const news = toNewsText(subscription);
  const papers = query ? `papers that match ${query}` : 'every paper';
  return `${cadence}, ${toSchedule(cadence, profile)}: ${lists.join(', ')}, ${papers}, ${toSortText(sort)}${news ? `, ${news}` : ''}`;
}

function toAllowanceText({ takenAt, unanswered }: NonNullable<PersonalData['requestedMail']>): string {
  const locked = unanswered >= MAX_UNANSWERED ? '; sign-ups are locked (broadsheet subscribers unlock)' : '';
  const last = takenAt === NEVER_TAKEN ? 'the last got no mail' : `the last on ${toMomentText(takenAt)}`;
  return `${last}; ${toCountText(unanswered, 'request')} to confirm without an answer${locked}`;
}

function toDigestsLine(digests: PersonalData['digests']): string {
  const newest = [...digests].sort((a, b) => (a.claimedAt < b.claimedAt ? 1 : -1))[0];
  return newest
    ? `Digests of the last 100 days: ${digests.length}; the newest is the ${newest.cadence} one of ${newest.period}, ${newest.outcome.state}`
    : 'Digests of the last 100 days: none';
}

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
  const rows = page.map((profile) => ({
    id: profile.id,
    address: profile.address,
    status: statusAt(profile, now),
  }));
  if (isJson) print(JSON.stringify({ subscribers: rows, next }));
  else for (const row of rows) print(`${row.status.padEnd(STATUS_WIDTH)}  ${row.id}  ${row.address}`);
  if (!isJson && next !== undefined) printError(`There are more. For the next page, add --after=${next}`);
  return leftOut > 0 ? EXIT_TROUBLE : EXIT_OK;
}
