import type { Context } from 'hono';
import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper } from '../../domain/papers/paper.ts';
import { mayMove } from '../../domain/subscribers/move.ts';
import {
  MAX_SUBSCRIPTIONS,
  type Subscriber,
  type Subscription,
} from '../../domain/subscribers/subscriber.ts';
import type { Instant } from '../../domain/time/time.ts';
import { contactOf } from '../../presentation/publication.ts';
import { toListNames, toQueryText } from '../../presentation/subscription-wording.ts';
import { findFeedUrls, type PrivateFeedUrls } from '../feeds/private-feed-urls.ts';
import { toAddressText } from '../parts/address.tsx';
import { AddressField, Faults, type FormState } from '../parts/fields.tsx';
import { LISTS_STYLE } from '../parts/list-fields.tsx';
import { showPage } from '../parts/notices.tsx';
import { QueryAdvice } from '../parts/query-field.tsx';
import { DeliveryFields, SubscriptionInputs, SubscriptionText } from '../parts/subscription-fields.tsx';
import type { WebAppPorts } from '../ports.ts';
import { Leaving } from './leaving.tsx';
import { MutedSection } from './muted.tsx';
import { DeliveryText, findNextDigest, toStatusText } from './state-text.tsx';

/** The notice after another writer changed the profile. The form below it keeps what the reader typed. */
export const CHANGED_MEANWHILE =
  'Your subscriptions have changed since you opened this page. Below you see them as they are now.';

type Shown = Pick<ManagePageProps, 'notice' | 'mailNote' | 'open' | 'leaving' | 'preview' | 'mutedPapers'>;

/** Shows the page of a subscriber, with a notice and what the reader typed. */
export async function showManagePage(
  c: Context,
  ports: WebAppPorts,
  subscriber: Subscriber,
  shown: Shown,
  status: 200 | 403 | 409 | 422 | 429 = 200,
) {
  const { lists, clock, publication } = ports;
  const feed = await findFeedUrls(ports, subscriber);
  const contact = contactOf(publication);
  const now = clock.now();
  const next = await findNextDigest(ports, subscriber, now);
  return showPage(
    c,
    ports,
    'Your subscriptions',
    <ManageContent
      subscriber={subscriber}
      lists={lists}
      contact={contact}
      feed={feed}
      now={now}
      next={next}
      {...shown}
    />,
    { status, style: shown.open && LISTS_STYLE },
  );
}

/** Which form is open: the address, when mails come, a subscription by its id, or one that is added. */
export type OpenForm = 'address' | 'delivery' | 'new' | (string & {});

interface ManagePageProps {
  readonly subscriber: Subscriber;
  /** The lists that can be followed. */
  readonly lists: readonly ListId[];
  readonly now: Instant;
  /** Says when the next digest comes. Undefined if that is unknown, or none comes. */
  readonly next: string | undefined;
  /** Where the reader can write to. */
  readonly contact: string;
  /** The addresses of the subscriber's feed. Undefined if there is none. */
  readonly feed: PrivateFeedUrls | undefined;
  /** What happened, above everything. */
  readonly notice?: string | undefined;
  /** Where the mail is that the notice announces. */
  readonly mailNote?: Child;
  /** The form that is open, with what was typed. */
  readonly open?: { readonly form: OpenForm; readonly state: FormState } | undefined;
  /** What was typed into the forms to leave, and what is wrong with it. */
  readonly leaving?: FormState | undefined;
  /** The muted papers to list. Undefined if the list is closed. */
  readonly mutedPapers?: readonly Paper[] | undefined;
  /** What the open subscription would have brought. */
  readonly preview?: Child;
}

/** Everything that a subscriber can see and change, one form open at a time. */
const ManageContent: FC<ManagePageProps> = (props) => {
  const { subscriber, now, next, contact, feed, notice, open, leaving, mutedPapers } = props;
  const { address, subscriptions } = subscriber;
  const headings = toHeadings(subscriptions);
  return (
    <>
      {notice && (
        <div class="notice" role="status">
          <p>{notice}</p>
        </div>
      )}
      {props.mailNote}
      {open && <Faults form={open.state} />}
      {leaving && <Faults form={leaving} />}
      <p>
        {toAddressText(address)} {toStatusText(subscriber, now)}{' '}
        {!open && mayMove(subscriber) && (
          <a class="target" href="?edit=address#address">
            Change address
          </a>
        )}
      </p>
      {open?.form === 'address' && (
        <section aria-labelledby="move">
          <h2 id="move">Change address</h2>
          <OpenFormView {...props} actions={<MoveButton />}>
            <AddressField form={open.state} label="New email address" hint={MOVE_HINT} />
          </OpenFormView>
        </section>
      )}
      <section aria-labelledby="when">
        <h2 id="when">Delivery</h2>
        {open?.form === 'delivery' ? (
          <OpenFormView {...props} actions={<Save />}>
            <DeliveryFields form={open.state} />
          </OpenFormView>
        ) : (
          <p>
            <DeliveryText subscriber={subscriber} now={now} /> {next}{' '}
            <a class="target" href="?edit=delivery#when">
              Change time or format
            </a>
          </p>
        )}
      </section>
      {subscriptions.map((subscription, position) => (
        <section key={subscription.id} aria-labelledby={subscription.id}>
          <h2 id={subscription.id}>{headings[position]}</h2>
          {open?.form === subscription.id ? (
            <SubscriptionForm {...props} isOnly={subscriptions.length === 1} />
          ) : (
            <>
              <p>
                <SubscriptionText subscription={subscription} at={subscriber} />.{' '}
                <GoneLists subscription={subscription} lists={props.lists} />
                <a class="target" href={`?edit=${subscription.id}#${subscription.id}`}>
                  Change or preview <span class="aside">{headings[position]}</span>
                </a>
              </p>
              <QueryAdvice of={[subscription]} lists={props.lists} />
            </>
          )}
        </section>
      ))}
      {subscriptions.length < MAX_SUBSCRIPTIONS || open?.form === 'new' ? (
        <section aria-labelledby="new">
          <h2 id="new">
            {open?.form === 'new' ? 'Add a subscription' : <a href="?edit=new#new">Add a subscription</a>}
          </h2>
          {open?.form === 'new' && <SubscriptionForm {...props} isOnly />}
        </section>
      ) : (
        <p>You have {MAX_SUBSCRIPTIONS} subscriptions, which is the most. Remove one to add another.</p>
      )}
      <MutedSection subscriber={subscriber} papers={mutedPapers} />
      {/* The list of muted papers can fill the page. */}
      {feed && !mutedPapers && <FeedSection feed={feed} />}
      <Leaving subscriber={subscriber} now={now} contact={contact} form={leaving} />
    </>
  );
};

/** Says which lists of a subscription this site does not read any more. They bring no papers. */
const GoneLists: FC<Pick<ManagePageProps, 'lists'> & { subscription: Subscription }> = ({
  lists,
  subscription,
}) => {
  const gone = subscription.lists.filter((list) => !lists.includes(list));
  if (gone.length === 0) return null;
  return (
    <>
      <strong>We no longer read {toListNames(gone)}, so no new papers come from there.</strong>{' '}
      {gone.length === subscription.lists.length && 'Choose another list. '}
    </>
  );
};

const FeedSection: FC<{ feed: PrivateFeedUrls }> = ({ feed: { atom, json } }) => (
  <section aria-labelledby="feed">
    <h2 id="feed">Feed</h2>
    <p>
      Your papers are also a feed for a feed reader:{' '}
      <a class="target" href={atom}>
        Atom
      </a>{' '}
      or{' '}
      <a class="target" href={json}>
        JSON Feed
      </a>
      . The feed goes on during a pause. Anyone with its address can read it, so keep the address to yourself.
      If you make old links invalid, it gets a new address.
    </p>
  </section>
);

const OpenFormView: FC<ManagePageProps & { actions: Child; children?: Child }> = ({
  subscriber,
  open,
  actions,
  children,
}) => (
  <form method="post" action={`?edit=${open?.form}`}>
    <input type="hidden" name="form" value={open?.form} />
    <input type="hidden" name="version" value={subscriber.version} />
    {children}
    <p class="actions">{actions}</p>
  </form>
);

const MOVE_HINT =
  'We send an email there. Nothing changes until you confirm. Then your present address gets an email about it, unless emails to it bounced. Your private feed gets a new address, too. If the new email address is subscribed already, unsubscribe one of the two first.';

const MoveButton: FC = () => (
  <button class="main" type="submit">
    Change address
  </button>
);

const Save: FC = () => (
  <button class="main" type="submit" name="action" value="save">
    Save
  </button>
);

const SubscriptionForm: FC<ManagePageProps & { isOnly: boolean }> = ({ isOnly, ...props }) => (
  <>
    <OpenFormView
      {...props}
      actions={
        <>
          <Save />
          <button
            type="submit"
            name="action"
            value="preview"
            formaction={`?edit=${props.open?.form}#preview`}
          >
            Preview
          </button>
          {!isOnly && (
            <button class="plain" type="submit" name="action" value="remove" formnovalidate>
              Remove
            </button>
          )}
        </>
      }
    >
      {props.open && <SubscriptionInputs lists={props.lists} form={props.open.state} hasDetails />}
    </OpenFormView>
    {props.preview}
  </>
);

/** Returns the heading of each subscription: its query, or its lists if it takes every paper. Repeated headings are numbered. */
function toHeadings(subscriptions: readonly Subscription[]): readonly string[] {
  const headings = subscriptions.map(({ query, lists }) => toQueryText(query) ?? toListNames(lists));
  return headings.map((heading, position) => {
    const earlier = headings.slice(0, position).filter((before) => before === heading).length;
    return earlier === 0 ? heading : `${heading} (${earlier + 1})`;
  });
}
