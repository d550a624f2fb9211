import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/list.ts';
import { statusAt } from '../../domain/pause.ts';
import { MAX_SUBSCRIPTIONS, type Subscriber, type SubscriberStatus } from '../../domain/subscriber.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../../domain/time.ts';
import { toLongDay } from '../../mail/wording.ts';
import { DeliveryFields } from './delivery-fields.tsx';
import { Faults, type FormState } from './fields.tsx';
import { WishFields } from './wish-fields.tsx';
import { WishText } from './wish-text.tsx';

/** Which form is open: when mails come, a subscription by its id, or one that is added. */
export type OpenForm = 'delivery' | 'new' | (string & {});

export interface ManagePageProps {
  readonly subscriber: Subscriber;
  /** The lists that can be followed. */
  readonly lists: readonly ListId[];
  readonly now: Instant;
  /** What happened, above everything. */
  readonly notice?: string | undefined;
  /** The form that is open, with what was typed. */
  readonly open?: { readonly form: OpenForm; readonly state: FormState } | undefined;
  /** What the open subscription would have brought. */
  readonly preview?: Child;
}

/** Everything that a subscriber can see and change, one form open at a time. */
export const ManageContent: FC<ManagePageProps> = (props) => {
  const { subscriber, now, notice, open } = props;
  const { address, subscriptions } = subscriber;
  return (
    <>
      {notice && (
        <div class="notice" role="status">
          <p>{notice}</p>
        </div>
      )}
      {open && <Faults form={open.state} />}
      <p>
        {address}: {toStatusText(subscriber, now)}
      </p>
      <section aria-labelledby="when">
        <h2 id="when">When</h2>
        {open?.form === 'delivery' ? (
          <OpenFormView {...props} actions={<Save />}>
            <DeliveryFields form={open.state} />
          </OpenFormView>
        ) : (
          <p>
            <DeliveryText {...subscriber} /> <a href="?edit=delivery#when">Change when mails come</a>
          </p>
        )}
      </section>
      {subscriptions.map((subscription, position) => (
        <section key={subscription.id} aria-labelledby={subscription.id}>
          <h2 id={subscription.id}>Subscription {position + 1}</h2>
          {open?.form === subscription.id ? (
            <WishForm {...props} isOnly={subscriptions.length === 1} />
          ) : (
            <p>
              <WishText wish={subscription} at={subscriber} />.{' '}
              <a href={`?edit=${subscription.id}#${subscription.id}`}>
                Change or preview subscription {position + 1}
              </a>
            </p>
          )}
        </section>
      ))}
      {subscriptions.length < MAX_SUBSCRIPTIONS && (
        <section aria-labelledby="new">
          <h2 id="new">One more</h2>
          {open?.form === 'new' ? (
            <WishForm {...props} isOnly />
          ) : (
            <p>
              <a href="?edit=new#new">Add a subscription</a>
            </p>
          )}
        </section>
      )}
      <Leaving {...props} />
    </>
  );
};

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

const Save: FC = () => (
  <button class="main" type="submit" name="action" value="save">
    Save
  </button>
);

const WishForm: FC<ManagePageProps & { isOnly: boolean }> = ({ isOnly, ...props }) => (
  <>
    <OpenFormView
      {...props}
      actions={
        <>
          <Save />
          <button type="submit" name="action" value="preview">
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
      {props.open && <WishFields lists={props.lists} form={props.open.state} hasLimit />}
    </OpenFormView>
    {props.preview}
  </>
);

/** Pausing, leaving, coming back, taking everything along, and being forgotten. */
const Leaving: FC<ManagePageProps> = ({ subscriber, now }) => {
  const status = statusAt(subscriber, now);
  const isMailed = status === 'confirmed' || status === 'paused';
  const tomorrow = addDays(utcDayOf(now), 1);
  return (
    <>
      <section aria-labelledby="less">
        <h2 id="less">{isMailed ? 'Less, or nothing' : 'Come back'}</h2>
        {status === 'confirmed' && <PauseForm first={tomorrow} />}
        {status === 'paused' && <Action name="resume" words="Resume now" />}
        {isMailed && <Action name="less-often" words="Get fewer mails: each comes one step less often" />}
        {isMailed && <Action name="unsubscribe" words="Unsubscribe from everything" />}
        {!isMailed && status !== 'unconfirmed' && (
          <Action name="resubscribe" words="Subscribe again, as before" />
        )}
      </section>
      <section aria-labelledby="data">
        <h2 id="data">Your data</h2>
        <p>
          <a href={`${DATA_PATH}`}>Download everything that is kept about you</a> (JSON).{' '}
          <a href="/privacy">What that is</a>
        </p>
        <form method="post">
          <label class="check">
            <input type="checkbox" name="sure" value="yes" required />
            Forget me for good: this cannot be undone
          </label>
          <button type="submit" name="action" value="erase">
            Erase everything
          </button>
        </form>
      </section>
    </>
  );
};

/** Behind the address of the page. */
export const DATA_PATH = '?data=json';

const PauseForm: FC<{ first: Day }> = ({ first }) => (
  <form method="post">
    <div class="field">
      <label for="until">Pause until</label>
      <input id="until" name="until" type="date" min={first} aria-describedby="until-hint" />
      <p class="hint" id="until-hint">
        The first day with mails again. Leave it empty to pause until you resume.
      </p>
    </div>
    <button type="submit" name="action" value="pause">
      Pause
    </button>
  </form>
);

const Action: FC<{ name: string; words: string }> = ({ name, words }) => (
  <form method="post">
    <button type="submit" name="action" value={name}>
      {words}
    </button>
  </form>
);

const DeliveryText: FC<Pick<Subscriber, 'hour' | 'timeZone' | 'format'>> = ({ hour, timeZone, format }) => (
  <>
    At {String(hour).padStart(2, '0')}:00, {timeZone.replaceAll('_', ' ')}
    {format === 'text' && ', as plain text'}.
  </>
);

const STATUS_TEXTS: Readonly<Record<SubscriberStatus, string>> = {
  unconfirmed: 'not confirmed yet, so nothing is sent.',
  confirmed: 'subscribed.',
  paused: 'paused until you resume.',
  unsubscribed: 'unsubscribed, so nothing is sent.',
  bounced: 'mails came back, so nothing is sent any more.',
  complained: 'a mail was marked as spam, so nothing is sent any more.',
};

function toStatusText(subscriber: Subscriber, now: Instant): string {
  const status = statusAt(subscriber, now);
  if (status === 'paused' && subscriber.pausedUntil)
    return `paused until ${toLongDay(subscriber.pausedUntil)}.`;
  return STATUS_TEXTS[status];
}
