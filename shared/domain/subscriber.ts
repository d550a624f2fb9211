import * as z from 'zod';
import { addressSchema } from './address.ts';
import { cadences } from './cadence.ts';
import { listIdSchema } from './lists.ts';
import { storedQuerySchema } from './query.ts';

/** The states of a subscriber. Only `confirmed` ones are mailed digests. */
export const subscriberStatuses = [
  'unconfirmed',
  'confirmed',
  'paused',
  'unsubscribed',
  'bounced',
  'complained',
] as const;

export type SubscriberStatus = (typeof subscriberStatuses)[number];

/** The states that end all mail until the subscriber gives a new consent. A later one in the list replaces an earlier one. */
export const endings = ['unsubscribed', 'bounced', 'complained'] as const;

export type Ending = (typeof endings)[number];

/** Whether a status ends all mail until there is a new consent. */
export function isEnding(status: unknown): status is Ending {
  return endings.some((ending) => ending === status);
}

/** How many lists a subscriber may follow in all. A digest reads the papers of each. */
export const MAX_LISTS = 100;

/**
 * What a subscriber asked for: papers of these lists that match the query, at this cadence, at most so many a digest. As it is
 * stored: a query that was accepted once stays readable. New ones are checked with `querySchema`.
 */
export const subscriptionSchema = z.object({
  /** Unique within its subscriber: `s1`. */
  id: z.string().regex(/^[a-z0-9]{1,16}$/, 'a subscription id is 1 to 16 small letters and digits'),
  lists: z.array(listIdSchema).min(1).max(MAX_LISTS),
  query: storedQuerySchema,
  cadence: z.enum(cadences),
  maxPapers: z.int().min(1).max(50).default(10),
});

export type Subscription = z.infer<typeof subscriptionSchema>;

/** How many subscriptions a subscriber may have. */
export const MAX_SUBSCRIPTIONS = 20;

/**
 * A time zone as it is stored. Any name is read: the time zone database changes, and one name that is unknown today must not make
 * a profile unreadable. New ones are checked with `timeZoneSchema`.
 */
const storedTimeZoneSchema = z.string().min(1);

/** A local hour of delivery, 0 to 23. */
export const hourSchema = z.int().min(0).max(23);

/** The subscriptions of one subscriber. */
const subscriptionsSchema = z
  .array(subscriptionSchema)
  .min(1)
  .max(MAX_SUBSCRIPTIONS)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
    error: 'two subscriptions of one subscriber have the same id',
  })
  .refine((list) => new Set(list.flatMap(({ lists }) => lists)).size <= MAX_LISTS, {
    error: `a subscriber follows at most ${MAX_LISTS} lists`,
  });

const instantSchema = z.iso.datetime({ precision: 3 });

/** A sign-up that its owner has not confirmed yet, with the profile that confirming gives. */
export const signUpSchema = z.object({
  at: instantSchema,
  /** From where: an IP address, or the name of a file. */
  from: z.string(),
  /** The text that was agreed to. */
  text: z.string(),
  timeZone: storedTimeZoneSchema,
  hour: hourSchema,
  subscriptions: subscriptionsSchema,
});

export type SignUp = z.infer<typeof signUpSchema>;

/**
 * What changed a status: a sign-up, the confirmation of one, the link to unsubscribe in a mail, the manage page, the HTTP API,
 * a bounce, a complaint, an import, or the operator by hand.
 */
export const changeOrigins = [
  'sign-up',
  'confirmation',
  'link',
  'page',
  'api',
  'bounce',
  'complaint',
  'import',
  'operator',
] as const;

export type ChangeOrigin = (typeof changeOrigins)[number];

/** One change of status. */
export const statusChangeSchema = z.object({
  /** The status since then. */
  status: z.enum(subscriberStatuses),
  at: instantSchema,
  by: z.enum(changeOrigins),
  /** Details for the operator: why they did it, or what the mail server answered. */
  note: z.string().max(200).optional(),
});

export type StatusChange = z.infer<typeof statusChangeSchema>;

/** When a status changes, by what, and why. */
export type ChangeCause = Omit<StatusChange, 'status'>;

/** A profile keeps its last status changes, so that somebody who pauses every week does not fill it. */
export const MAX_STATUS_CHANGES = 20;

/** One e-mail address and all that it asked for. */
export const subscriberSchema = z.object({
  /** A keyed hash of the normalised address, so that one address is one subscriber. */
  id: z.string().min(1),
  /** As it was typed. */
  address: addressSchema,
  status: z.enum(subscriberStatuses),
  timeZone: storedTimeZoneSchema,
  /** The local hour of delivery. */
  hour: hourSchema,
  /** The ISO weekday of weekly digests: 1 is Monday, 7 is Sunday. */
  weekday: z.int().min(1).max(7),
  format: z.enum(['html', 'text']),
  subscriptions: subscriptionsSchema,
  /** While paused: the first local day with digests again. Without it a pause lasts until somebody ends it. */
  pausedUntil: z.iso.date().optional(),
  /** The newest unconfirmed sign-up. It is removed when the subscriber confirms it or leaves. */
  signUp: signUpSchema.optional(),
  /** When, from where and to which text the subscriber agreed; and, where a mail asked, when and from where they had signed up. */
  consent: z.object({
    at: instantSchema,
    from: z.string(),
    text: z.string(),
    requestedAt: instantSchema.optional(),
    requestedFrom: z.string().optional(),
  }),
  /** The last changes of the status, oldest first; empty in profiles that earlier versions saved. */
  statusChanges: z.array(statusChangeSchema).max(MAX_STATUS_CHANGES),
  /** Links to manage that were made before this moment are invalid; missing while all of them work. */
  linksSince: instantSchema.optional(),
  /** Soft bounces in a row. */
  softBounces: z.int().nonnegative(),
  /** When the first of them happened. */
  firstSoftBounceAt: instantSchema.optional(),
  /** When the last one that was counted happened; it stays when a delivery ends the row, so that none is counted again. */
  lastSoftBounceAt: instantSchema.optional(),
  /** For optimistic locking: the number of times the profile was saved; 0 before the first. */
  version: z.int().nonnegative(),
});

export type Subscriber = z.infer<typeof subscriberSchema>;

/** What a stored profile says of its status changes. Earlier releases kept when and by what the digests ended, and no history. */
interface StoredChanges {
  readonly status?: unknown;
  readonly statusChanges?: unknown;
  readonly endedAt?: unknown;
  readonly endedBy?: unknown;
}

/** The status changes of a stored profile that can be read. A bad entry costs no more than itself. */
export function readStatusChanges({ status, statusChanges, endedAt: at, endedBy: by }: StoredChanges) {
  const read = (changes: readonly unknown[]) =>
    changes.flatMap((change) => statusChangeSchema.safeParse(change).data ?? []).slice(-MAX_STATUS_CHANGES);
  const changes = Array.isArray(statusChanges) ? read(statusChanges) : [];
  return changes.length > 0 ? changes : read([{ status, at, by }]);
}

/**
 * A profile as this or an earlier release stored it. What that release did not write has a default. A field that a release adds to
 * {@link subscriberSchema} is optional, or gets its default here.
 */
export const storedSubscriberSchema = subscriberSchema
  .extend({
    weekday: subscriberSchema.shape.weekday.default(1),
    format: subscriberSchema.shape.format.default('html'),
    softBounces: subscriberSchema.shape.softBounces.default(0),
    statusChanges: z.unknown().optional(),
    endedAt: z.unknown().optional(),
    endedBy: z.unknown().optional(),
  })
  .transform(
    ({ endedAt, endedBy, ...stored }): Subscriber => ({
      ...stored,
      statusChanges: readStatusChanges({ ...stored, endedAt, endedBy }),
    }),
  );

/** The subscriber in a status since a moment, with the change in the history. */
export function withStatus<Known extends Pick<Subscriber, 'statusChanges'>>(
  subscriber: Known,
  status: SubscriberStatus,
  cause: ChangeCause,
): Known & Pick<Subscriber, 'status'> {
  const statusChanges = [...subscriber.statusChanges, { status, ...cause }].slice(-MAX_STATUS_CHANGES);
  return { ...subscriber, status, statusChanges };
}

/**
 * The change that led to the status as it is stored. Undefined for a profile of an earlier version, which does not say, or
 * where an earlier version changed the status last.
 */
export function lastChangeOf({ status, statusChanges }: Pick<Subscriber, 'status' | 'statusChanges'>) {
  const last = statusChanges.at(-1);
  return last?.status === status ? last : undefined;
}

/** Whether a subscriber gets no mail until there is a new consent. */
export function hasEnded({ status }: Pick<Subscriber, 'status'>): boolean {
  return isEnding(status);
}

/**
 * Returns the subscriber in a status that ends all mail. Undefined if the status is this one or a stronger one. A bounce is stronger
 * than an unsubscription, and a complaint is the strongest: another mail would do the most harm.
 */
export function endWith(subscriber: Subscriber, ending: Ending, cause: ChangeCause): Subscriber | undefined {
  const { status } = subscriber;
  const isTold = isEnding(status) && endings.indexOf(status) >= endings.indexOf(ending);
  return isTold
    ? undefined
    : { ...withStatus(subscriber, ending, cause), pausedUntil: undefined, signUp: undefined };
}
