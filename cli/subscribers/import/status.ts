import type { endWith } from '../../../shared/domain/subscriber.ts';
import { type Cells, quote } from '../csv/cells.ts';
import type { ForeignColumn } from './columns.ts';

/** A status that ends all mail. */
export type Ending = Parameters<typeof endWith>[1];

/** What a row says of somebody, and the words that said it. */
export interface ToldStatus {
  readonly status: 'subscribed' | 'paused' | 'unconfirmed' | Ending;
  /** As the file has it: `cleaned`; blank where it says nothing. */
  readonly word: string;
}

/** What other tools call a status; small letters, without blanks, hyphens and underscores. From the least telling to the most. */
const WORDS: Readonly<Record<ToldStatus['status'], readonly string[]>> = {
  subscribed: ['', 'subscribed', 'active', 'enabled', 'confirmed', 'verified'],
  paused: ['paused', 'snoozed'],
  unconfirmed: ['unconfirmed', 'pending'],
  unsubscribed: ['unsubscribed', 'optedout', 'disabled', 'inactive', 'archived', 'removed', 'deleted'],
  bounced: ['bounced', 'hardbounced', 'cleaned', 'unreachable', 'undeliverable'],
  complained: ['complained', 'complaint', 'spam', 'blocklisted', 'blacklisted', 'blocked', 'suppressed'],
};

const STATUSES = Object.keys(WORDS) as readonly ToldStatus['status'][];
const YES = ['true', 'yes', '1'];
const NO = ['false', 'no', '0'];

/** Whether a status ends all mail. */
export function isEnding(status: string): status is Ending {
  return status === 'unsubscribed' || status === 'bounced' || status === 'complained';
}

/**
 * What a row of another tool says of somebody, in all of its columns: where these differ, the most telling counts. Undefined,
 * with what is wrong, where it is a word that nobody knows: somebody of whom it is not clear that they want mail gets none.
 */
export function readStatus(
  cells: Cells,
): ToldStatus | { readonly status?: undefined; readonly fault: string } {
  const of = (column: ForeignColumn) => cells[column] ?? '';
  const told = [
    toStatus(of('status')),
    toStatus(of('subscriberStatus')),
    toStatus(readFlag(of('isSubscribed'))),
    ...endedAt(of('unsubscribedAt'), 'unsubscribed'),
    ...endedAt(of('bouncedAt'), 'bounced'),
    ...endedAt(of('complainedAt'), 'complained'),
  ];
  const most = mostTelling('subscribed', ...told.flatMap(({ status }) => status ?? []));
  const unknown = told.find(({ status }) => status === undefined);
  if (unknown && !isEnding(most))
    return {
      fault: `its status is ${quote(unknown.word)}: expected one of ${Object.values(WORDS).flat().filter(Boolean).join(', ')}, or none`,
    };
  return { status: most, word: told.find(({ status }) => status === most)?.word ?? '' };
}

/** The one of some statuses that tells the most. */
export function mostTelling<Status extends ToldStatus['status']>(
  first: Status,
  ...others: readonly Status[]
): Status {
  return others.reduce((most, one) => (STATUSES.indexOf(one) > STATUSES.indexOf(most) ? one : most), first);
}

function toStatus(word: string): {
  readonly status: ToldStatus['status'] | undefined;
  readonly word: string;
} {
  const plain = word.toLowerCase().replaceAll(/[\s_-]/g, '');
  return { status: STATUSES.find((status) => WORDS[status].includes(plain)), word };
}

function readFlag(word: string): string {
  const plain = word.toLowerCase();
  return YES.includes(plain) ? 'subscribed' : NO.includes(plain) ? 'unsubscribed' : word;
}

function endedAt(time: string, status: Ending): readonly ToldStatus[] {
  return time === '' ? [] : [{ status, word: status }];
}
