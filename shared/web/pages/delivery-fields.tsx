import type { FC } from 'hono/jsx';
import { toWeekdayName } from '../../mail/wording.ts';
import { Choice, type FormState } from './fields.tsx';

const HOURS = Array.from(
  { length: 24 },
  (_, hour) => [`${hour}`, `${`${hour}`.padStart(2, '0')}:00`] as const,
);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7].map((day) => [`${day}`, toWeekdayName(day)] as const);
const FORMATS = [
  ['html', 'Set like a page'],
  ['text', 'Plain text'],
] as const;

/** `UTC` is not among those that the runtime lists. */
const TIME_ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Where and at what hour mails come. */
export const TimeFields: FC<{ form: FormState }> = ({ form }) => (
  <div class="pair">
    <Choice name="timeZone" label="Time zone" options={toZoneOptions(form)} form={form} />
    <Choice name="hour" label="Hour" options={HOURS} form={form} />
  </div>
);

/** On which day weekly mails come, and what all look like. */
export const DeliveryFields: FC<{ form: FormState }> = ({ form }) => (
  <>
    <TimeFields form={form} />
    <div class="pair">
      <Choice name="weekday" label="Day of weekly mails" options={WEEKDAYS} form={form} />
      <Choice name="format" label="Mails are" options={FORMATS} form={form} />
    </div>
  </>
);

/** A zone that a subscriber has already stays, whatever it is called here. */
function toZoneOptions({ values }: FormState): readonly (readonly [string, string])[] {
  const own = values.timeZone?.[0];
  const zones = own && !TIME_ZONES.includes(own) ? [own, ...TIME_ZONES] : TIME_ZONES;
  return zones.map((zone) => [zone, zone]);
}
