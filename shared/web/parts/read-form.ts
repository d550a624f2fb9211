import type { Context } from 'hono';
import * as z from 'zod';
import { typedAddressSchema } from '../../domain/address.ts';
import { cadences } from '../../domain/cadence.ts';
import type { ListId } from '../../domain/lists.ts';
import { querySchema } from '../../domain/query.ts';
import { subscriberSchema } from '../../domain/subscriber.ts';
import { timeZoneSchema } from '../../domain/time-zone.ts';
import type { FormFault, FormValues } from './fields.tsx';

/** The fields of a form, urlencoded or multipart; files are left out, and a body that is no form has no fields. */
export async function readForm(c: Context): Promise<FormValues> {
  // One click has to work whatever a mail program sends with it.
  const body = await c.req.parseBody({ all: true }).catch(() => ({}));
  const entries = Object.entries(body).map(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
    return [name, values] as const;
  });
  return Object.fromEntries(entries);
}

const numberSchema = z
  .string()
  .regex(/^\d{1,3}$/, 'enter a number')
  .transform(Number);

/** Every value that a form can have, by its field. */
const fieldSchemas = {
  address: typedAddressSchema,
  query: z.string().trim().pipe(querySchema),
  cadence: z.enum(cadences, 'choose one of the options'),
  maxPapers: numberSchema.pipe(z.int().min(1, 'enter 1 to 50').max(50, 'enter 1 to 50')),
  timeZone: timeZoneSchema,
  hour: numberSchema.pipe(subscriberSchema.shape.hour),
  weekday: numberSchema.pipe(subscriberSchema.shape.weekday),
  format: subscriberSchema.shape.format,
};

export type FieldName = keyof typeof fieldSchemas;
type FieldValue<Name extends FieldName> = z.output<(typeof fieldSchemas)[Name]>;

/** What a form says, or what is wrong with it. */
export type ParsedForm<Data> = { readonly data: Data } | { readonly faults: readonly FormFault[] };

/** The words before what a schema says is wrong. */
const LABELS: Readonly<Record<FieldName, string>> = {
  address: 'Address',
  query: 'Keywords',
  cadence: 'How often',
  maxPapers: 'Papers per mail',
  timeZone: 'Time zone',
  hour: 'Hour',
  weekday: 'Weekly on',
  format: 'Format',
};

/** Reads these fields of a form. */
export function parseFields<Name extends FieldName>(
  values: FormValues,
  names: readonly Name[],
): ParsedForm<{ readonly [One in Name]: FieldValue<One> }> {
  const faults: FormFault[] = [];
  const data: Partial<Record<FieldName, unknown>> = {};
  for (const name of names) {
    const parsed = fieldSchemas[name].safeParse(values[name]?.[0] ?? '');
    if (parsed.success) data[name] = parsed.data;
    else faults.push({ field: name, message: `${LABELS[name]}: ${parsed.error.issues[0]?.message}` });
  }
  // Without a fault every name has the value that its schema gave.
  return faults.length > 0 ? { faults } : { data: data as { [One in Name]: FieldValue<One> } };
}

/** The lists that were ticked, of those that there are. */
export function parseLists(
  values: FormValues,
  known: readonly ListId[],
): ParsedForm<{ readonly lists: ListId[] }> {
  const lists = known.filter((list) => values.lists?.includes(list));
  if (lists.length > 0) return { data: { lists } };
  return { faults: [{ field: 'lists', message: 'Lists: choose at least one' }] };
}

/** Both parts of a form, or what is wrong with either. */
export function joinForms<A, B>(a: ParsedForm<A>, b: ParsedForm<B>): ParsedForm<A & B> {
  const faults = [...('faults' in a ? a.faults : []), ...('faults' in b ? b.faults : [])];
  return 'data' in a && 'data' in b ? { data: { ...a.data, ...b.data } } : { faults };
}
