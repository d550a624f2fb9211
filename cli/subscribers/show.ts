import { loadSettings } from '../../infra/settings/load-settings.ts';
import { MAX_UNANSWERED } from '../../shared/domain/mail-allowance.ts';
import { statusAt } from '../../shared/domain/pause.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { toSchedule, toSortText } from '../../shared/mail/subscription-wording.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import { exportSubscriber, type HeldData } from '../../shared/subscribers/held-data.ts';
import { toChangeText, toMomentText } from '../../shared/subscribers/status-text.ts';
import { parseNamedSubscriber } from '../../shared/subscribers/subscriber-id.ts';
import { type CommandContext, EXIT_OK } from '../command.ts';
import { nobody, toName } from './by-hand.ts';
import { openSubscribers } from './open-subscribers.ts';

/** Shows the stored data of a subscriber, and returns the exit code. */
export async function runShow(
  given: { readonly who: string; readonly settings: string; readonly json?: true },
  { print }: Pick<CommandContext, 'print'>,
): Promise<number> {
  const ports = await openSubscribers(loadSettings(given.settings));
  const { idKey } = await ports.keyring.load();
  const named = parseNamedSubscriber(given.who, idKey);
  const held = await exportSubscriber(ports, named.id);
  if (!held) throw await nobody(ports, named);
  print(given.json ? JSON.stringify(held) : toHeldText(held, ports.clock.now()));
  return EXIT_OK;
}

/** Returns the stored data of a subscriber, one fact on each line. */
export function toHeldText({ profile, digests, requestedMail }: HeldData, now: Instant): string {
  const { consent, signUp, softBounces, statusChanges } = profile;
  const lines = [
    toName(profile),
    `Status: ${toStatusLine(profile, now)}`,
    ...(statusChanges.length > 0
      ? ['Status changes:', ...statusChanges.map((change) => `  ${toChangeText(change)}`)]
      : ['Status changes: none recorded']),
    'Digests:',
    ...profile.subscriptions.map((one) => `  ${toSubscriptionLine(one, profile)}`),
    `${profile.status === 'unconfirmed' ? 'Signed up' : 'Consent'}: on ${toMomentText(consent.at)}, from ${consent.from}: "${consent.text}"`,
    ...(signUp ? [`A sign-up of ${toMomentText(signUp.at)} from ${signUp.from} is not confirmed yet`] : []),
    ...(softBounces > 0 ? [`Soft bounces in a row: ${softBounces}`] : []),
    ...(requestedMail ? [`Mails requested on the web: ${toAllowanceText(requestedMail)}`] : []),
    toDigestsLine(digests),
  ];
  return lines.join('\n');
}

function toStatusLine(profile: Subscriber, now: Instant): string {
  const status = statusAt(profile, now);
  if (status !== profile.status) return `${status}: the pause ended on ${profile.pausedUntil}`;
  return status === 'paused' && profile.pausedUntil ? `paused until ${profile.pausedUntil}` : status;
}

/** `daily, every day at 08:00 (Europe/Berlin): hf-daily, papers that match agents, newest papers first` */
function toSubscriptionLine(
  { cadence, lists, query, sort }: Subscriber['subscriptions'][number],
  profile: Pick<Subscriber, 'hour' | 'weekday' | 'timeZone'>,
): string {
  const papers = query ? `papers that match ${query}` : 'every paper';
  return `${cadence}, ${toSchedule(cadence, profile)}: ${lists.join(', ')}, ${papers}, ${toSortText(sort)}`;
}

function toAllowanceText({ takenAt, unanswered }: NonNullable<HeldData['requestedMail']>): string {
  const locked = unanswered >= MAX_UNANSWERED ? '; sign-ups are locked (broadsheet subscribers unlock)' : '';
  return `the last on ${toMomentText(takenAt)}; ${toCountText(unanswered, 'request')} to confirm without an answer${locked}`;
}

function toDigestsLine(digests: HeldData['digests']): string {
  const newest = [...digests].sort((a, b) => (a.claimedAt < b.claimedAt ? 1 : -1))[0];
  return newest
    ? `Digests of the last 100 days: ${digests.length}; the newest is the ${newest.cadence} one of ${newest.period}, ${newest.outcome.state}`
    : 'Digests of the last 100 days: none';
}
