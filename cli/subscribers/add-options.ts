import * as z from 'zod';
import type { Settings } from '../../infra/settings/schema.ts';
import { typedAddressSchema } from '../../shared/domain/address.ts';
import { cadences } from '../../shared/domain/cadence.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { listIdSchema } from '../../shared/domain/list.ts';
import { querySchema } from '../../shared/domain/query.ts';
import { timeZoneSchema } from '../../shared/domain/time-zone.ts';
import { calendarOf } from '../../shared/sources/calendars.ts';
import { sourceNames } from '../../shared/sources/source-names.ts';

/** What `subscribers add` was given, as it was typed. */
export interface AddArguments {
  readonly address: string;
  readonly timeZone?: string;
  readonly hour?: string;
  readonly cadence?: string;
  readonly list?: readonly string[];
  readonly query?: string;
}

const wishesSchema = z.object({
  address: typedAddressSchema,
  'time-zone': timeZoneSchema,
  hour: z
    .string()
    .regex(/^([01]?\d|2[0-3])$/, 'expected an hour from 0 to 23')
    .transform(Number),
  cadence: z.enum(cadences, `expected ${cadences.join(', ')}`),
  list: z.array(
    listIdSchema.pipe(z.string().refine(calendarOf, `expected one that is read: ${sourceNames.join(', ')}`)),
  ),
  query: querySchema,
});

export type Wishes = z.infer<typeof wishesSchema>;

/**
 * Whom to add, and what they are sent.
 *
 * @throws InvalidInputError naming each value that is wrong, and what is expected
 */
export function parseWishes(given: AddArguments, { defaults }: Pick<Settings, 'defaults'>): Wishes {
  const values: Readonly<Record<keyof Wishes, unknown>> = {
    address: given.address,
    'time-zone': given.timeZone ?? 'UTC',
    hour: given.hour ?? String(defaults.hour),
    cadence: given.cadence ?? defaults.cadence,
    list: [...new Set(given.list ?? sourceNames)],
    query: given.query?.trim() ?? '',
  };
  const parsed = wishesSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path: [name, index], message }) => {
    const value = given.list && typeof index === 'number' ? given.list[index] : values[name as keyof Wishes];
    return `${name === 'address' ? 'the address' : `--${String(name)}`} is ${JSON.stringify(value)}: ${message}`;
  });
  throw new InvalidInputError(faults.join('\n'));
}
