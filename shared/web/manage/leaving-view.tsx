import type { FC } from 'hono/jsx';
import { localDayOf } from '../../domain/local-day.ts';
import { statusAt } from '../../domain/pause.ts';
import { DATA_LINK_MINUTES } from '../../domain/sign-up.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { addDays, type Day, type Instant } from '../../domain/time.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Field, type FormState, firstOf, toFieldAttributes } from '../parts/fields.tsx';
import { LESS_OFTEN, RESUBSCRIBE_TEXT } from './buttons.tsx';

const NOTHING_TYPED: FormState = { values: {}, faults: [] };

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
  const isMailed = status === 'confirmed' || status === 'paused';
  const tomorrow = addDays(localDayOf(now, subscriber.timeZone), 1);
  return (
    <>
      <section aria-labelledby="less">
        <h2 id="less">{isMailed ? 'Pause or unsubscribe' : 'Come back'}</h2>
        {status === 'confirmed' && <PauseForm first={tomorrow} form={form} />}
        {status === 'paused' && <ActionButton name="resume" words="Resume now" />}
        {isMailed && (
          <ActionButton name="less-often" words={LESS_OFTEN.words}>
            {/* Pressed twice by mistake, it is one step all the same. */}
            <input type="hidden" name="version" value={subscriber.version} />
          </ActionButton>
        )}
        {isMailed && <ActionButton name="unsubscribe" words="Unsubscribe from everything" />}
        {status === 'bounced' && (
          <p>
            Mails to this address came back. If it works again, have a mail sent that asks you to confirm.
          </p>
        )}
        {(status === 'unsubscribed' || status === 'bounced') && (
          <ActionButton name="resubscribe" words={RESUBSCRIBE_TEXT} />
        )}
        {status === 'complained' && (
          <p>
            A mail was marked as spam. To get digests again, write to{' '}
            <a href={`mailto:${contact}`}>{contact}</a>.
          </p>
        )}
      </section>
      <section aria-labelledby="data">
        <h2 id="data">Your data</h2>
        <p>
          To export or erase your data, or to make old links invalid, have a fresh link mailed to you. It
          works for {DATA_LINK_MINUTES} minutes. <a href="/privacy">What is kept about you</a>
        </p>
        <ActionButton name="data-link" words="Email me a link to my data" />
      </section>
    </>
  );
};

const PauseForm: FC<{ first: Day; form: FormState }> = ({ first, form }) => {
  const hint = 'The first day with mails again. Leave it empty to pause until you resume.';
  const until = { name: 'until', label: 'Pause until', hint, form };
  return (
    <form method="post">
      <Field {...until}>
        <input
          {...toFieldAttributes(until)}
          type="date"
          min={first}
          value={firstOf(form.values, 'until') || undefined}
        />
      </Field>
      <button type="submit" name="action" value="pause">
        Pause
      </button>
    </form>
  );
};
