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
import { parseArguments } from '../deployment/parse-arguments.ts';

export const ADD_USAGE = `npm run subscribers -- add <address> [--time-zone <zone>] [--hour <hour>] [--cadence <cadence>] [--list <list>]…
                              [--query <query>] [--settings <file>] [--dry-run]

Adds a confirmed subscriber to a deployment. Only for somebody who asked you for it: the record of the consent says that
you vouch for it. No mail asks them to confirm.

  --time-zone <zone>   of their hour, like Europe/Berlin (default UTC)
  --hour <hour>        of delivery, 0 to 23 (default: defaults.hour of the settings)
  --cadence <cadence>  ${cadences.join(', ')} (default: defaults.cadence of the settings)
  --list <list>        what they follow; may be repeated (default: ${sourceNames.join(', ')})
  --query <query>      words and "phrases" that papers must have (default: every paper)
  --settings <file>    the settings it was deployed with, like prod.json (default: those in cdk.json)
  --dry-run            checks everything and adds nobody`;

/** What `subscribers add` was told, read but not checked. */
export type AddArguments = ReturnType<typeof readAddArguments>;

/**
 * Reads the arguments of `subscribers add`.
 *
 * @throws InvalidInputError for one that is not known
 */
export function readAddArguments(args: readonly string[]) {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      'time-zone': { type: 'string' },
      hour: { type: 'string' },
      cadence: { type: 'string' },
      list: { type: 'string', multiple: true },
      query: { type: 'string' },
      settings: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return { ...values, addresses: positionals };
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
  const [address, ...more] = given.addresses;
  if (address === undefined || more.length > 0)
    throw new InvalidInputError(
      `${given.addresses.length} addresses were given: expected one\n\n${ADD_USAGE}`,
    );
  const values: Readonly<Record<keyof Wishes, unknown>> = {
    address,
    'time-zone': given['time-zone'] ?? 'UTC',
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
