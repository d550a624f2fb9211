import type { ListState } from '../domain/list-state.ts';
import type { Subscription } from '../domain/subscriber.ts';
import type { Digest } from '../matching/digest.ts';
import type { Publication } from './publication.ts';
import { toReaderText } from './reader-text.ts';
import { toListNames, toQueryText, toSchedule, toSortText } from './subscription-wording.ts';

/** The texts of the footer, each a sentence or a line. */
export interface FooterContent {
  /** Says why the reader gets this mail. */
  readonly why: string;
  /** The subscriptions that caused the mail, if there is more than one. */
  readonly subscriptions: readonly string[];
  /** The states of the lists. `isAlarming` if papers may be missing from the mail. */
  readonly lists: readonly { readonly text: string; readonly isAlarming: boolean }[];
  /** Warns that the links are private. */
  readonly personal: string;
  readonly postalAddress?: string | undefined;
}

/** From the best to the worst state. The footer keeps this order. */
const STATES: Readonly<Record<ListState, { readonly label: string; readonly isAlarming: boolean }>> = {
  fresh: { label: 'Up to date', isAlarming: false },
  quiet: { label: 'Nothing new was due', isAlarming: false },
  partial: { label: 'Only partly read (papers may be missing)', isAlarming: true },
  stale: { label: 'Late (new papers are due but have not arrived)', isAlarming: true },
  broken: { label: 'Could not be read (papers may be missing)', isAlarming: true },
};

const MAX_LISTS_PER_STATE = 12;

/** Returns the footer: why the mail came, the states of the lists, and the postal address. */
export function toFooter(digest: Digest, publication: Publication): FooterContent {
  const { subscriber, cadence, sections } = digest;
  const due = subscriber.subscriptions.filter((subscription) => subscription.cadence === cadence);
  const served = new Set(sections.map(({ subscription }) => subscription.id));
  const schedule = toSchedule(cadence, subscriber);
  const [only] = due.length > 1 ? [] : [...due, ...sections.map(({ subscription }) => subscription)];
  return {
    why: only
      ? `You get this mail because you subscribed to ${toListsText(only)}, ${schedule}, ${toSortText(only.sort)}.`
      : `You get this mail ${schedule}, because of these subscriptions:`,
    subscriptions: only
      ? []
      : due.map(
          (one) =>
            `${toListsText(one)}, ${toSortText(one.sort)}${served.has(one.id) ? '' : ' (nothing new this time)'}`,
        ),
    lists: toStateLines(digest),
    personal: 'The links to your subscriptions are private. Remove them before you forward this mail.',
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
