import {
  storedSignUpSchema,
  storedSubscriptionsSchema,
  toStoredSignUp,
  toStoredSubscriptions,
} from '../../shared/domain/subscribers/stored-subscriber.ts';
import {
  hasEnded,
  hourSchema,
  lastChangeOf,
  mutedAuthorsSchema,
  mutedPapersSchema,
  readStatusChanges,
  type Subscriber,
  statusChangeSchema,
  subscriberSchema,
} from '../../shared/domain/subscribers/subscriber.ts';
import { typedAddressSchema } from '../../shared/domain/subscribers/typed-address.ts';
import { jsonTextOf } from '../../shared/domain/text/json-text.ts';
import * as z from '../../shared/domain/zod.ts';
import { explainFault } from '../../shared/matching/query/explain-fault.ts';
import { findQueryFault } from '../../shared/matching/query/query-schema.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { quote } from './csv.ts';

/** The cells of a row by the name of their column, without the blank ones. */
export type Cells = Readonly<Record<string, string>>;

/** Parses a cell with a whole number. */
const wholeNumberCell = z.pipe(
  z.string().check(z.regex(/^\d{1,6}$/, 'expected a whole number')),
  z.transform(Number),
);

/** The values of a row, or everything that is wrong with it. */
export type CellsResult<Values> =
  | { readonly values: Values; readonly fault?: undefined }
  | { readonly values?: undefined; readonly fault: string };

/** Parses the cells that a schema names. */
export function parseCells<Schema extends z.ZodMiniType>(
  schema: Schema,
  cells: Cells,
): CellsResult<z.infer<Schema>> {
  const parsed = schema.safeParse(cells);
  if (parsed.success) return { values: parsed.data };
  const faults = parsed.error.issues.map(({ path: [column, ...inside], message }) => {
    const name = String(column);
    const value = cells[name];
    if (value === undefined) return `${name} is blank: expected a value`;
    return `${name} is ${quote(value)}: ${inside.length > 0 ? `at ${inside.join('.')}: ` : ''}${message}`;
  });
  return { fault: faults.join('; ') };
}

const { status, timeZone, weekday, format, pausedUntil, softBounces } = subscriberSchema.shape;
const { firstSoftBounceAt, lastSoftBounceAt, consent, statusChanges, linksSince } = subscriberSchema.shape;

/** Subscriptions of an export, with queries that can be read. */
const queriedSchema = storedSubscriptionsSchema.check(
  z.superRefine((list, context) => {
    for (const [n, { query }] of list.entries()) {
      const fault = findQueryFault(query);
      if (fault)
        context.addIssue({ code: 'custom', path: [n, 'query'], message: explainFault(fault).message });
    }
  }),
);

/** The cells of preferences. The file of another tool may have such columns too. */
export const preferenceCells = {
  hour: z.pipe(wholeNumberCell, hourSchema),
  weekday: z.pipe(wholeNumberCell, weekday),
  format,
  subscriptions: jsonTextOf(queriedSchema),
};

/** The columns of an export. A blank cell means that there is no value. */
const profileCells = z.object({
  address: typedAddressSchema,
  status,
  time_zone: timeZone,
  ...preferenceCells,
  paused_until: pausedUntil,
  sign_up: z.optional(jsonTextOf(storedSignUpSchema)),
  consent_at: consent.shape.at,
  consent_from: z._default(consent.shape.from, ''),
  consent_text: z._default(consent.shape.text, ''),
  consent_requested_at: consent.shape.requestedAt,
  consent_requested_from: consent.shape.requestedFrom,
  soft_bounces: z.pipe(wholeNumberCell, softBounces),
  first_soft_bounce_at: firstSoftBounceAt,
  last_soft_bounce_at: lastSoftBounceAt,
  ended_at: z.optional(statusChangeSchema.shape.at),
  ended_by: z.optional(statusChangeSchema.shape.by),
  links_since: linksSince,
  status_changes: z.optional(jsonTextOf(statusChanges)),
  muted_papers: z.optional(jsonTextOf(mutedPapersSchema)),
  muted_authors: z.optional(jsonTextOf(mutedAuthorsSchema)),
  consent_replaces: consent.shape.replaces,
});

type ProfileColumn = keyof typeof profileCells.shape;

/** The columns of an export, in order. */
export const profileColumns = Object.keys(profileCells.shape) as readonly ProfileColumn[];

/** The columns that exports of earlier versions lack. */
export const laterColumns: readonly ProfileColumn[] = [
  'ended_at',
  'ended_by',
  'links_since',
  'status_changes',
  'muted_papers',
  'muted_authors',
  'consent_replaces',
];

/** Returns a profile as a row of an export, without its version, and without its id, which follows from the address. */
export function toProfileRow(subscriber: Subscriber): readonly string[] {
  const { subscriptions, signUp, consent, softBounces, statusChanges, ...known } = subscriber;
  const ending = hasEnded(subscriber) ? lastChangeOf(subscriber) : undefined;
  const cells: Readonly<Record<ProfileColumn, string | number | undefined>> = {
    address: known.address,
    status: known.status,
    time_zone: known.timeZone,
    hour: known.hour,
    weekday: known.weekday,
    format: known.format,
    subscriptions: JSON.stringify(toStoredSubscriptions(subscriptions)),
    paused_until: known.pausedUntil,
    sign_up: signUp && JSON.stringify(toStoredSignUp(signUp)),
    consent_at: consent.at,
    consent_from: consent.from,
    consent_text: consent.text,
    consent_requested_at: consent.requestedAt,
    consent_requested_from: consent.requestedFrom,
    soft_bounces: softBounces,
    first_soft_bounce_at: known.firstSoftBounceAt,
    last_soft_bounce_at: known.lastSoftBounceAt,
    ended_at: ending?.at,
    ended_by: ending?.by,
    links_since: known.linksSince,
    status_changes: statusChanges.length > 0 ? JSON.stringify(statusChanges) : undefined,
    muted_papers: known.mutedPapers && JSON.stringify(known.mutedPapers),
    muted_authors: known.mutedAuthors && JSON.stringify(known.mutedAuthors),
    consent_replaces: consent.replaces,
  };
  return profileColumns.map((column) => String(cells[column] ?? ''));
}

/** Parses a row of an export as a profile that was never saved, or says what is wrong with the row. */
export function parseProfileRow(cells: Cells, idKey: string): CellsResult<Subscriber> {
  const { values, fault } = parseCells(profileCells, cells);
  if (values === undefined) return { fault };
  const requestedAt = values.consent_requested_at;
  const requestedFrom = values.consent_requested_from;
  const replaces = values.consent_replaces;
  return {
    values: {
      id: toSubscriberId(values.address, idKey),
      address: values.address,
      status: values.status,
      timeZone: values.time_zone,
      hour: values.hour,
      weekday: values.weekday,
      format: values.format,
      subscriptions: values.subscriptions,
      ...(values.paused_until && { pausedUntil: values.paused_until }),
      ...(values.sign_up && { signUp: values.sign_up }),
      consent: {
        at: values.consent_at,
        from: values.consent_from,
        text: values.consent_text,
        ...(requestedAt && { requestedAt }),
        ...(requestedFrom && { requestedFrom }),
        ...(replaces && { replaces }),
      },
      softBounces: values.soft_bounces,
      ...(values.first_soft_bounce_at && { firstSoftBounceAt: values.first_soft_bounce_at }),
      ...(values.last_soft_bounce_at && { lastSoftBounceAt: values.last_soft_bounce_at }),
      statusChanges: readStatusChanges({
        status: values.status,
        statusChanges: values.status_changes,
        endedAt: values.ended_at,
        endedBy: values.ended_by,
      }),
      ...(values.links_since && { linksSince: values.links_since }),
      ...(values.muted_papers && { mutedPapers: values.muted_papers }),
      ...(values.muted_authors && { mutedAuthors: values.muted_authors }),
      version: 0,
    },
  };
}
