import type { FC } from 'hono/jsx';
import { localDayOf } from '../../domain/local-day.ts';
import { statusAt } from '../../domain/pause.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { addDays, type Day, type Instant } from '../../domain/time.ts';
import { ActionButton } from './action-button.tsx';
import { Field, FieldNotes, type FormState, firstOf, toFieldAttributes } from './fields.tsx';
import { LESS_OFTEN, RESUBSCRIBE_TEXT } from './manage-actions.ts';

/** Where everything that is kept is found as a file, behind the address of the page. */
const DATA_PATH = '?data=json';

const NOTHING_TYPED: FormState = { values: {}, faults: [] };

export interface LeavingProps {
  readonly subscriber: Subscriber;
  readonly now: Instant;
  /** What was typed, and what is wrong with it. */
  readonly form?: FormState | undefined;
}

/** Pausing, leaving, coming back, taking everything along, and being forgotten. */
export const Leaving: FC<LeavingProps> = ({ subscriber, now, form = NOTHING_TYPED }) => {
  const status = statusAt(subscriber, now);
  const isMailed = status === 'confirmed' || status === 'paused';
  const tomorrow = addDays(localDayOf(now, subscriber.timeZone), 1);
  return (
    <>
      <section aria-labelledby="less">
        <h2 id="less">{isMailed ? 'Less, or nothing' : 'Come back'}</h2>
        {status === 'confirmed' && <PauseForm first={tomorrow} form={form} />}
        {status === 'paused' && <ActionButton name="resume" words="Resume now" />}
        {isMailed && (
          <ActionButton name="less-often" words={LESS_OFTEN.words}>
            {/* Pressed twice by mistake, it is one step all the same. */}
            <input type="hidden" name="version" value={subscriber.version} />
          </ActionButton>
        )}
        {isMailed && <ActionButton name="unsubscribe" words="Unsubscribe from everything" />}
        {!isMailed && status !== 'unconfirmed' && (
          <ActionButton name="resubscribe" words={RESUBSCRIBE_TEXT} />
        )}
      </section>
      <section aria-labelledby="data">
        <h2 id="data">Your data</h2>
        <p>
          <a href={DATA_PATH}>Download everything that is kept about you</a> (JSON).{' '}
          <a href="/privacy">What that is</a>
        </p>
        <EraseForm form={form} />
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

const EraseForm: FC<{ form: FormState }> = ({ form }) => {
  const sure = { name: 'sure', label: 'Forget me for good: this cannot be undone', form };
  return (
    <form method="post">
      <div class="check">
        <input {...toFieldAttributes(sure)} type="checkbox" value="yes" required />
        <label for="sure">{sure.label}</label>
      </div>
      <FieldNotes name="sure" form={form} />
      <button type="submit" name="action" value="erase">
        Erase everything
      </button>
    </form>
  );
};
