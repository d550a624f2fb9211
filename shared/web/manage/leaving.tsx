import type { FC } from 'hono/jsx';
import { findPauseRange, statusAt } from '../../domain/subscribers/pause.ts';
import { DATA_LINK_MINUTES } from '../../domain/subscribers/sign-up.ts';
import { isSubscribed, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import type { Instant } from '../../domain/time/time.ts';
import {
  ActionButton,
  Field,
  type FormState,
  firstOf,
  NOTHING_TYPED,
  toFieldAttributes,
} from '../parts/fields.tsx';
import { LESS_OFTEN, RESUBSCRIBE_TEXT } from './actions.ts';

export interface LeavingProps {
  readonly subscriber: Subscriber;
  readonly now: Instant;
  /** Where the reader can write to. */
  readonly contact: string;
  /** What was typed, and what is wrong with it. */
  readonly form?: FormState | undefined;
}

/** Pausing, leaving, coming back, and the way to one's data. */
export const Leaving: FC<LeavingProps> = ({ subscriber, now, contact, form = NOTHING_TYPED }) => {
  const status = statusAt(subscriber, now);
  const isMailed = isSubscribed(subscriber);
  return (
    <>
      <section aria-labelledby="less">
        <h2 id="less">{isMailed ? 'Pause or unsubscribe' : 'Come back'}</h2>
        {isMailed && <PauseForm subscriber={subscriber} now={now} form={form} />}
        {status === 'paused' && <ActionButton name="resume" words="Resume now" />}
        {isMailed && <LessOftenButton version={subscriber.version} />}
        {isMailed && <ActionButton name="unsubscribe" words="Unsubscribe from everything" />}
        {status === 'bounced' && (
          <p>
            Emails to this address bounced. If the address works again, press the button. We then email you a
            link to confirm.
          </p>
        )}
        {(status === 'unsubscribed' || status === 'bounced') && (
          <ActionButton name="resubscribe" words={RESUBSCRIBE_TEXT} />
        )}
        {status === 'complained' && (
          <p>
            An email was marked as spam. To get digests again, write to{' '}
            <a href={`mailto:${contact}`}>{contact}</a>.
          </p>
        )}
      </section>
      <section aria-labelledby="data">
        <h2 id="data">Your data</h2>
        <p>
          To export or erase your data, or to make old links invalid, ask for a data link by email. It works
          for {DATA_LINK_MINUTES} minutes.{' '}
          <a class="target" href="/privacy">
            What we keep about you
          </a>
        </p>
        <ActionButton name="data-link" words="Send me a data link" />
      </section>
    </>
  );
};

/** The form that pauses, or changes the end of a pause. */
const PauseForm: FC<{ subscriber: Subscriber; now: Instant; form: FormState }> = ({
  subscriber,
  now,
  form,
}) => {
  const { first, last } = findPauseRange(subscriber, now);
  const isPaused = statusAt(subscriber, now) === 'paused';
  const hint = 'Emails start again on this day. Leave this empty to pause until you resume.';
  const until = { name: 'until', label: 'Pause until', hint, form };
  return (
    <form method="post">
      <Field {...until}>
        <input
          {...toFieldAttributes(until)}
          type="date"
          min={first}
          max={last}
          value={firstOf(form.values, 'until') || (isPaused ? subscriber.pausedUntil : undefined)}
        />
      </Field>
      <button type="submit" name="action" value="pause">
        {isPaused ? 'Change pause' : 'Pause'}
      </button>
    </form>
  );
};

interface LessOftenProps {
  /** The version of the profile. If the button is pressed twice, the second press finds another one, and is no second step. */
  readonly version: number;
  /** @default 'less-often' */
  readonly name?: string;
  /** @default those of {@link LESS_OFTEN} */
  readonly words?: string;
}

/** The button for fewer mails. */
export const LessOftenButton: FC<LessOftenProps> = ({
  version,
  name = 'less-often',
  words = LESS_OFTEN.words,
}) => (
  <ActionButton name={name} words={words} hint={LESS_OFTEN.hint}>
    <input type="hidden" name="version" value={version} />
  </ActionButton>
);
