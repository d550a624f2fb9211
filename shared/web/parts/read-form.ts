import type { Context } from 'hono';
import type { ListId } from '../../domain/lists/lists.ts';
import { DEFAULT_SORT, sorts } from '../../domain/papers/sort.ts';
import { cadences } from '../../domain/subscribers/cadence.ts';
import {
  MAX_LISTS,
  MAX_PAPERS,
  maxPapersSchema,
  subscriberSchema,
} from '../../domain/subscribers/subscriber.ts';
import { type AddressFault, typedAddressSchema } from '../../domain/subscribers/typed-address.ts';
import { timeZoneSchema } from '../../domain/time/time-zone.ts';
import * as z from '../../domain/zod.ts';
import { explainFaultLazily, queryFaultOfIssue, querySchema } from '../../matching/query/query-schema.ts';
import { toSentence } from '../../presentation/wording.ts';
import type { FormFault, FormValues } from './fields.tsx';

/** Returns the fields of a form, urlencoded or multipart. It ignores files. A body that is not a form has no fields. */
export async function readForm(c: Context): Promise<FormValues> {
  // One-click unsubscribe must work with any body.
  const body = await c.req.parseBody({ all: true }).catch(() => ({}));
  const entries = Object.entries(body).map(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).filter((part) => typeof part === 'string');
    return [name, values] as const;
  });
  return Object.fromEntries(entries);
}

const numberSchema = z.pipe(z.string().check(z.regex(/^\d{1,3}$/)), z.transform(Number));

/** A box that is not ticked sends nothing. */
const boxSchema = z.pipe(
  z.string(),
  z.transform((text) => (text === '' ? undefined : true)),
);

/** The schema of each field. */
const fieldSchemas = {
  address: typedAddressSchema,
  query: z.pipe(z.string().check(z.trim()), querySchema),
  cadence: z.enum(cadences),
  maxPapers: z.pipe(numberSchema, maxPapersSchema),
  // A page of an earlier version has no such field.
  sort: z.union([
    z.pipe(
      z.literal(''),
      z.transform(() => DEFAULT_SORT),
    ),
    z.enum(sorts),
  ]),
  tellPicked: boxSchema,
  tellVersions: boxSchema,
  timeZone: timeZoneSchema,
  hour: z.pipe(numberSchema, subscriberSchema.shape.hour),
  weekday: z.pipe(numberSchema, subscriberSchema.shape.weekday),
  format: subscriberSchema.shape.format,
};

export type FormField = keyof typeof fieldSchemas;
type FieldValue<Name extends FormField> = z.output<(typeof fieldSchemas)[Name]>;

/** The fields of a subscription, besides its lists. */
export const SUBSCRIPTION_FIELDS = [
  'query',
  'cadence',
  'maxPapers',
  'sort',
  'tellPicked',
  'tellVersions',
] as const;

/** The fields that say when digests arrive, and how. */
export const DELIVERY_FIELDS = ['timeZone', 'hour', 'weekday', 'format'] as const;

/** The parsed values of the named fields. */
export type FieldValues<Name extends FormField> = { readonly [Field in Name]: FieldValue<Field> };

/** The values of a form, or its faults. */
export type ParsedForm<Data> = { readonly data: Data } | { readonly faults: readonly FormFault[] };

/** Says what to enter instead of a value that a schema refused. */
const toMessage: Readonly<
  Record<FormField, (error: z.core.$ZodError, known: readonly ListId[]) => string | Promise<string>>
> = {
  address: toAddressMessage,
  query: toQueryMessage,
  cadence: () => 'Choose how often emails come.',
  maxPapers: () => `Enter a number of papers per email from 1 to ${MAX_PAPERS}.`,
  sort: () => 'Choose how papers are sorted.',
  tellPicked: () => 'Tick the box or leave it empty.',
  tellVersions: () => 'Tick the box or leave it empty.',
  timeZone: () => 'Choose a time zone from the list, such as Europe/Berlin.',
  hour: () => 'Choose an hour from 00:00 to 23:00.',
  weekday: () => 'Choose a weekday.',
  format: () => 'Choose HTML or plain text.',
};

async function toQueryMessage(
  { issues: [issue] }: z.core.$ZodError,
  known: readonly ListId[],
): Promise<string> {
  const fault = queryFaultOfIssue(issue);
  if (!fault) return 'Enter keywords.';
  const { position, problem, hint } = await explainFaultLazily(fault, known);
  return `Keywords, at character ${position + 1}: ${toSentence(problem)} ${toSentence(hint)}`;
}

function toAddressMessage({ issues: [issue] }: z.core.$ZodError): string {
  const example = 'Enter an email address, such as ada@example.org.';
  const fault: AddressFault | undefined = issue?.code === 'custom' ? issue.params?.fault : undefined;
  switch (fault?.kind) {
    case undefined:
      return example;
    case 'strange':
      return fault.strange === '"@"'
        ? 'Enter only one email address, such as ada@example.org.'
        : `An email address cannot contain ${fault.strange}. ${example}`;
    case 'long':
      return `${fault.part === 'before' ? 'The part before the @' : 'An email address'} can have ${fault.max} characters. Yours has ${fault.chars}.`;
    case 'stray-dot':
      return `The part ${fault.part} the @ cannot start or end with a dot, or have two in a row.`;
    case 'no-dot':
      return 'The part after the @ needs a dot, as in example.org.';
    default:
      return fault satisfies never;
  }
}

/**
 * Parses these fields of a form.
 *
 * @param known the lists that the deployment reads. The fault of a query names only these
 */
export async function parseFields<Name extends FormField>(
  values: FormValues,
  names: readonly Name[],
  known: readonly ListId[],
): Promise<ParsedForm<FieldValues<Name>>> {
  const faults: FormFault[] = [];
  const data: Partial<Record<FormField, unknown>> = {};
  for (const name of names) {
    const parsed = fieldSchemas[name].safeParse(values[name]?.[0] ?? '');
    if (parsed.success) data[name] = parsed.data;
    else faults.push({ field: name, message: await toMessage[name](parsed.error, known) });
  }
  // Without a fault every name has the value that its schema gave.
  return faults.length > 0 ? { faults } : { data: data as FieldValues<Name> };
}

/** Returns the lists of a form. A ticked box has one, and a hidden field several: `arxiv/cs.CL,arxiv/cs.CV`. */
export function readListIds(values: FormValues): readonly ListId[] {
  return (values.lists ?? []).flatMap((list) => list.split(','));
}

/**
 * Returns the ticked lists that this deployment reads.
 *
 * @param kept lists that the reader follows already. One that is not read here any more stays if it is ticked
 */
export function parseListChoice(
  values: FormValues,
  known: readonly ListId[],
  kept: readonly ListId[] = [],
): ParsedForm<{ readonly lists: ListId[] }> {
  const offered = [...new Set([...known, ...kept])];
  const sent = new Set(readListIds(values));
  const lists = offered.filter((list) => sent.has(list));
  const { length } = lists;
  if (length > MAX_LISTS) {
    const message = `You have chosen ${length} lists. Choose at most ${MAX_LISTS}.`;
    return { faults: [{ field: 'lists', message }] };
  }
  if (length > 0) return { data: { lists } };
  return { faults: [{ field: 'lists', message: 'Choose at least one list.' }] };
}

/** Joins two parts of a form, or their faults. */
export function joinForms<A, B>(a: ParsedForm<A>, b: ParsedForm<B>): ParsedForm<A & B> {
  const faults = [...('faults' in a ? a.faults : []), ...('faults' in b ? b.faults : [])];
  return 'data' in a && 'data' in b ? { data: { ...a.data, ...b.data } } : { faults };
}
