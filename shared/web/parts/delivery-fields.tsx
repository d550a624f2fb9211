import type { FC } from 'hono/jsx';
import { listTimeZones } from '../../domain/time-zone.ts';
import { toTodaysName } from '../../domain/time-zone-names.ts';
import { toWeekdayName } from '../../mail/wording.ts';
import { Choice, type FormState, firstOf } from './fields.tsx';

const HOURS = Array.from(
  { length: 24 },
  (_, hour) => [`${hour}`, `${`${hour}`.padStart(2, '0')}:00`] as const,
);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7].map((day) => [`${day}`, toWeekdayName(day)] as const);
const FORMATS = [
  ['html', 'HTML'],
  ['text', 'Plain text'],
] as const;

/** Where and at what hour mails come. A time zone's name needs the whole width of a phone. */
export const TimeFields: FC<{ form: FormState }> = ({ form }) => (
  <>
    <ZoneField form={form} />
    <HourField form={form} />
  </>
);

/** Where, at what hour and, if weekly, on which day mails come, and what all look like. */
export const DeliveryFields: FC<{ form: FormState }> = ({ form }) => (
  <>
    <ZoneField form={form} />
    <div class="pair">
      <HourField form={form} />
      <Choice name="weekday" label="Weekly on" options={WEEKDAYS} form={form} />
    </div>
    <Choice name="format" label="Format" options={FORMATS} form={form} />
  </>
);

const ZoneField: FC<{ form: FormState }> = ({ form }) => (
  <Choice name="timeZone" label="Time zone" options={toZoneOptions(form)} form={form} />
);

const HourField: FC<{ form: FormState }> = ({ form }) => (
  <Choice name="hour" label="Hour" options={HOURS} form={form} />
);

/**
 * The zones to choose from, by today's names. A stored name stays the value of its choice, even a former one, so saving the form
 * alone does not change it.
 */
function toZoneOptions({ values }: FormState): readonly (readonly [string, string])[] {
  const own = firstOf(values, 'timeZone');
  const ownToday = toTodaysName(own);
  const zones = listTimeZones();
  const options = zones.map((zone) => [zone === ownToday ? own : zone, zone] as const);
  return own === '' || zones.includes(ownToday) ? options : [[own, own], ...options];
}
