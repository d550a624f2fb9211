import type { Digest } from '../domain/digest.ts';
import type { ListState } from '../domain/list-state.ts';
import type { Subscription } from '../domain/subscriber.ts';
import type { Publication } from './publication.ts';
import { toReaderText } from './reader-text.ts';
import { toListNames, toQueryText, toSchedule } from './subscription-wording.ts';

/** What the end of a mail says; each text is a sentence or a line of its own. */
export interface FooterContent {
  /** Why this mail came. */
  readonly why: string;
  /** The subscriptions behind it, where there is more than one. */
  readonly subscriptions: readonly string[];
  /** How the lists are doing. `isAlarming` where papers may be missing from the mail. */
  readonly lists: readonly { readonly text: string; readonly isAlarming: boolean }[];
  /** That the links are for the reader alone. */
  readonly personal: string;
  readonly postalAddress?: string | undefined;
}

/** From the best to the worst, in the order in which the footer tells them. */
const STATES: Readonly<Record<ListState, { readonly label: string; readonly isAlarming: boolean }>> = {
  fresh: { label: 'Up to date', isAlarming: false },
  quiet: { label: 'Nothing new was due', isAlarming: false },
  partial: { label: 'Read only in part at the last try (papers may be missing)', isAlarming: true },
  stale: { label: 'Late (new papers were due and have not come)', isAlarming: true },
  broken: { label: 'Not readable at the moment (papers may be missing)', isAlarming: true },
};

const MAX_LISTS_PER_STATE = 12;

/** Why the mail came, how the lists are doing, and the sender's postal address. */
export function toFooter(digest: Digest, publication: Publication): FooterContent {
  const { subscriber, cadence, sections } = digest;
  const due = subscriber.subscriptions.filter((subscription) => subscription.cadence === cadence);
  const served = new Set(sections.map(({ subscription }) => subscription.id));
  const schedule = toSchedule(cadence, subscriber);
  const [only] = due.length > 1 ? [] : [...due, ...sections.map(({ subscription }) => subscription)];
  return {
    why: only
      ? `You get this mail because you subscribed to ${toListsText(only)}, ${schedule}.`
      : `You get this mail because of these subscriptions, ${schedule}:`,
    subscriptions: only
      ? []
      : due.map((one) => `${toListsText(one)}${served.has(one.id) ? '' : ' (nothing new this time)'}`),
    lists: toStateLines(digest),
    personal: 'The links in this mail are yours alone. Remove them before you forward it.',
    postalAddress: publication.postalAddress && toReaderText(publication.postalAddress, 200),
  };
}

/** `arXiv cs.CL, matching mlp "residual stream"`. */
function toListsText({ lists, query }: Subscription): string {
  const text = toQueryText(query);
  return text ? `${toListNames(lists)}, matching ${text}` : toListNames(lists);
}

function toStateLines({ listStates }: Digest): FooterContent['lists'] {
  const states = [...listStates];
  return Object.entries(STATES).flatMap(([state, { label, isAlarming }]) => {
    const lists = states.filter(([, one]) => one === state).map(([list]) => list);
    return lists.length > 0
      ? [{ text: `${label}: ${toListNames(lists, MAX_LISTS_PER_STATE)}.`, isAlarming }]
      : [];
  });
}
