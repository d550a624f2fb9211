import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists/lists.ts';
import { sorts } from '../../domain/papers/sort.ts';
import { type Cadence, cadences } from '../../domain/subscribers/cadence.ts';
import { MAX_PAPERS, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import type { SubscriptionFields } from '../../domain/subscribers/subscription.ts';
import { listTimeZones } from '../../domain/time/time-zone.ts';
import { toTodaysName } from '../../domain/time/time-zone-names.ts';
import {
  toListNames,
  toNewsText,
  toQueryText,
  toSchedule,
  toSortText,
} from '../../presentation/subscription-wording.ts';
import { toCountText, toHourText, toSentence, toWeekdayName } from '../../presentation/wording.ts';
import {
  Choice,
  Field,
  FieldNotes,
  type FormState,
  type FormValues,
  firstOf,
  toFieldAttributes,
} from './fields.tsx';
import { ListFields } from './list-fields.tsx';
import { QueryInput } from './query-field.tsx';
import { TimeZoneScript } from './time-zone-script.tsx';

const CADENCES: Readonly<Record<Cadence, string>> = {
  instant: 'As soon as new papers arrive',
  daily: 'Every day',
  weekly: 'Every week',
  monthly: 'Every month, on the first',
};

const SORTS = sorts.map((sort) => [sort, toSentence(toSortText(sort)).slice(0, -1)] as const);
const NEWS = [
  ['tellPicked', 'When Hugging Face picks a paper that we sent you'],
  [
    'tellVersions',
    'When there is a new version of a paper that we sent you, or that your keywords name by id',
  ],
] as const;

/** Returns the values of the boxes for news. */
export function toNewsValues(subscription: Partial<SubscriptionFields> | undefined): FormValues {
  const ticked = NEWS.filter(([name]) => subscription?.[name]);
  return Object.fromEntries(ticked.map(([name]) => [name, ['yes']]));
}

const NEWS_HINT = 'A paper named by id counts once it has been on a list here.';
/** For a form without weekdays. */
const WEEKDAY_HINT = 'Weekly emails come on Monday. You can choose another day when you confirm.';
const SORT_HINT = 'If more papers match than an email can have, it has the first ones in this order.';

interface SubscriptionInputsProps {
  readonly lists: readonly ListId[];
  readonly form: FormState;
  readonly hasDetails?: boolean;
}

/** The inputs of a subscription: lists, query and cadence, and the order and number of papers if `hasDetails`. */
export const SubscriptionInputs: FC<SubscriptionInputsProps> = ({ lists, form, hasDetails = false }) => {
  const most = { name: 'maxPapers', label: 'Maximum papers per email', form };
  return (
    <>
      <ListFields lists={lists} form={form} />
      <QueryInput lists={lists} form={form} />
      <Choice
        name="cadence"
        label="How often"
        {...(!hasDetails && { hint: WEEKDAY_HINT })}
        options={cadences.map((cadence) => [cadence, CADENCES[cadence]])}
        form={form}
      />
      {hasDetails && (
        <>
          <Choice name="sort" label="Order" hint={SORT_HINT} options={SORTS} form={form} />
          <Field {...most}>
            <input
              {...toFieldAttributes(most)}
              type="number"
              min={1}
              max={MAX_PAPERS}
              required
              value={firstOf(form.values, 'maxPapers')}
            />
          </Field>
          <fieldset id="news" aria-describedby="news-hint">
            <legend>Updates on earlier papers</legend>
            {NEWS.map(([name, words]) => (
              <label key={name} class="check">
                <input type="checkbox" name={name} value="yes" checked={firstOf(form.values, name) !== ''} />
                {words}
              </label>
            ))}
            <FieldNotes name="news" hint={NEWS_HINT} form={form} />
          </fieldset>
        </>
      )}
    </>
  );
};

const HOURS = Array.from({ length: 24 }, (_, hour) => [`${hour}`, toHourText(hour)] as const);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7].map((day) => [`${day}`, toWeekdayName(day)] as const);
const FORMATS = [
  ['html', 'HTML'],
  ['text', 'Plain text'],
] as const;

/** The time zone and the hour of mails. The browser guesses an unknown zone. */
export const TimeFields: FC<{ form: FormState; isZoneUnknown: boolean; children?: Child }> = ({
  form,
  isZoneUnknown,
  children,
}) => (
  <>
    <ZoneField form={form} isUnknown={isZoneUnknown} />
    <HourField form={form} />
    {children}
    {isZoneUnknown && <TimeZoneScript />}
  </>
);

/** The time zone, hour, weekday and format of mails. */
export const DeliveryFields: FC<{ form: FormState }> = ({ form }) => (
  <>
    <ZoneField form={form} />
    <div class="pair">
      <HourField form={form} />
      <Choice name="weekday" label="Weekday" hint="For weekly emails." options={WEEKDAYS} form={form} />
    </div>
    <Choice name="format" label="Format" options={FORMATS} form={form} />
  </>
);

/** The time zones by region. Each is named by its city, so that a reader can type its first letters. */
const ZoneField: FC<{ form: FormState; isUnknown?: boolean }> = ({ form, isUnknown = false }) => {
  const field = { name: 'timeZone', label: 'Time zone', form };
  const own = firstOf(form.values, field.name);
  return (
    <Field {...field}>
      <select {...toFieldAttributes(field)} {...(isUnknown && { 'data-guess': '' })}>
        {toZoneRegions(own).map(([region, zones]) =>
          region === '' ? (
            zones.map((zone) => <ZoneOption key={zone} zone={zone} own={own} />)
          ) : (
            <optgroup key={region} label={region}>
              {zones.map((zone) => (
                <ZoneOption key={zone} zone={zone} own={own} />
              ))}
            </optgroup>
          ),
        )}
      </select>
    </Field>
  );
};

/** One time zone. Its value is the stored name if it is the reader's own, so saving the form does not change it. */
const ZoneOption: FC<{ zone: string; own: string }> = ({ zone, own }) => {
  const isOwn = zone === toTodaysName(own);
  const city = zone
    .slice(zone.indexOf('/') + 1)
    .replaceAll('_', ' ')
    .replaceAll('/', ', ');
  return (
    <option value={isOwn ? own : zone} selected={isOwn}>
      {city}
    </option>
  );
};

const HourField: FC<{ form: FormState }> = ({ form }) => (
  <Choice name="hour" label="Delivery hour" options={HOURS} form={form} />
);

/** Returns the current names of all time zones by region, those without a region first. An unknown stored zone is one of these. */
function toZoneRegions(own: string): readonly (readonly [region: string, zones: readonly string[]])[] {
  const zones = listTimeZones();
  const today = toTodaysName(own);
  const regions = new Map<string, string[]>([['', own === '' || zones.includes(today) ? [] : [own]]]);
  for (const zone of zones) {
    const region = zone.includes('/') ? zone.slice(0, zone.indexOf('/')) : '';
    const known = regions.get(region);
    if (known) known.push(zone);
    else regions.set(region, [zone]);
  }
  return [...regions];
}

/**
 * Describes a subscription in words: `Papers from Hugging Face Daily Papers that match mlp, every day at 08:00 (UTC)`. The
 * query is set in italics, because a phrase in it has quotation marks already.
 */
export const SubscriptionText: FC<{
  subscription: SubscriptionFields;
  at: Pick<Subscriber, 'hour' | 'weekday' | 'timeZone'>;
}> = ({ subscription, at }) => {
  const { lists, query, cadence, maxPapers, sort } = subscription;
  const news = toNewsText(subscription);
  const queryText = toQueryText(query);
  return (
    <>
      {queryText ? (
        <>
          Papers from {toListNames(lists)} that match <em>{queryText}</em>
        </>
      ) : (
        <>All papers from {toListNames(lists)}</>
      )}
      , {toSchedule(cadence, at)},{' '}
      {maxPapers === 1 ? 'one paper' : `up to ${toCountText(maxPapers, 'paper')}`} per email,{' '}
      {toSortText(sort)}
      {news && `, ${news}`}
    </>
  );
};
