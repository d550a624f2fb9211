import type { FC } from 'hono/jsx';
import { cadences } from '../../shared/domain/cadence.ts';
import type { SubscribeForm } from './subscribe.ts';

const TIME_ZONES = Intl.supportedValuesOf('timeZone');
const OWN_TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));

export interface SubscribeFormProps {
  /** What was typed already. */
  readonly form: Partial<SubscribeForm>;
  /** What was wrong with it. */
  readonly faults: readonly string[];
}

/** The form that adds a subscriber as confirmed, which only a copy on one machine has. */
export const SubscribeFormView: FC<SubscribeFormProps> = ({ form, faults }) => (
  <form class="subscribe" method="post" action="/subscribers">
    <p class="faint">
      <strong>Local only.</strong> The address is added as confirmed and sent its first digest at once,
      without asking. No mail leaves this machine.
    </p>
    {faults.length > 0 && (
      <ul role="alert">
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    )}
    <label for="address">Address</label>
    <input id="address" name="address" type="email" required autocomplete="email" value={form.address} />
    <label for="query">Only papers with</label>
    <input
      id="query"
      name="query"
      maxlength={500}
      placeholder='reasoning "language models"'
      value={form.query}
    />
    <label for="cadence">How often</label>
    <Choice name="cadence" options={cadences} chosen={form.cadence ?? 'daily'} />
    <label for="timeZone">Time zone</label>
    <Choice name="timeZone" options={withOwn(TIME_ZONES)} chosen={form.timeZone ?? OWN_TIME_ZONE} />
    <label for="hour">Hour</label>
    <Choice name="hour" options={HOURS} chosen={String(form.hour ?? 8)} />
    <button type="submit">Add and send a digest</button>
  </form>
);

/** The style of {@link SubscribeFormView}. */
export const SUBSCRIBE_FORM_STYLE = `
form.subscribe { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1rem; align-items: center; }
form.subscribe p, form.subscribe ul { grid-column: 1 / -1; margin: 0 0 .25rem; }
form.subscribe button { grid-column: 2; justify-self: start; }
form.subscribe [role="alert"] { color: var(--accent); }
@media (max-width: 30rem) { form.subscribe { display: block; } form.subscribe > * { width: 100%; margin-bottom: .5rem; } }
`;

const Choice: FC<{ name: string; options: readonly string[]; chosen: string }> = ({
  name,
  options,
  chosen,
}) => (
  <select id={name} name={name}>
    {options.map((option) => (
      <option key={option} value={option} selected={option === chosen}>
        {option.replaceAll('_', ' ')}
      </option>
    ))}
  </select>
);

/** `UTC` and some older names that a machine may be set to are not among the runtime's list. */
function withOwn(zones: readonly string[]): readonly string[] {
  return [...new Set(['UTC', OWN_TIME_ZONE, ...zones])];
}
