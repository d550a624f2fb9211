import type { Subscription } from '../domain/subscribers/subscriber.ts';
import { localDayOf } from '../domain/time/time.ts';
import type { Digest } from '../matching/digest.ts';
import { type ConditionLine, toConditionLines } from '../presentation/list-wording.ts';
import type { Publication } from '../presentation/publication.ts';
import { toReaderText } from '../presentation/reader-text.ts';
import { toListNames, toQueryText, toSchedule, toSortText } from '../presentation/subscription-wording.ts';

/** The sentences and lines of the footer. */
export interface FooterContent {
  /** Says why the reader gets this mail. */
  readonly why: string;
  /** The subscriptions that caused the mail, if there is more than one. */
  readonly subscriptions: readonly string[];
  /** The states of the lists. */
  readonly lists: readonly ConditionLine[];
  /** Warns that the links are private. */
  readonly personal: string;
  readonly postalAddress?: string | undefined;
}

/** Returns the footer: why the mail came, the states of the lists, and the postal address. */
export function toFooter(digest: Digest, publication: Publication): FooterContent {
  const { subscriber, cadence, sections, composedAt, listConditions } = digest;
  const due = subscriber.subscriptions.filter((subscription) => subscription.cadence === cadence);
  const served = new Set(sections.map(({ subscription }) => subscription.id));
  const schedule = toSchedule(cadence, subscriber);
  const [only] = due.length > 1 ? [] : [...due, ...sections.map(({ subscription }) => subscription)];
  return {
    why: only
      ? `You get this email because you subscribed to ${toListsText(only)}, ${schedule}, ${toSortText(only.sort)}.`
      : `You get this email ${schedule}, because of these subscriptions:`,
    subscriptions: only
      ? []
      : due.map((subscription) => {
          const note = served.has(subscription.id) ? '' : ' (nothing new this time)';
          return `${toListsText(subscription)}, ${toSortText(subscription.sort)}${note}`;
        }),
    lists: toConditionLines(listConditions, localDayOf(composedAt, subscriber.timeZone)),
    personal:
      'The links to change, mute and unsubscribe work for anyone. Remove them before you forward this email.',
    postalAddress: publication.postalAddress && toReaderText(publication.postalAddress, 200),
  };
}

/** `arXiv cs.CL, matching “mlp "residual stream"”`. */
function toListsText({ lists, query }: Subscription): string {
  const text = toQueryText(query);
  return text ? `${toListNames(lists)}, matching “${text}”` : toListNames(lists);
}
