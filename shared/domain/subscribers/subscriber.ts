import { listIdSchema } from '../lists/lists.ts';
import { paperIdSchema } from '../papers/paper.ts';
import { DEFAULT_SORT, sorts } from '../papers/sort.ts';
import { daySchema, instantSchema } from '../time/time-schemas.ts';
import * as z from '../zod.ts';
import { addressSchema } from './address.ts';
import { cadences } from './cadence.ts';

/** The statuses of a subscriber. Only `confirmed` subscribers get digests. */
export const subscriberStatuses = [
  'unconfirmed',
  'confirmed',
  'paused',
  'unsubscribed',
  'bounced',
  'complained',
] as const;

export type SubscriberStatus = (typeof subscriberStatuses)[number];

/** The statuses that end all mail until the subscriber gives a new consent. A later one in the list replaces an earlier one. */
export const endings = ['unsubscribed', 'bounced', 'complained'] as const;

export type Ending = (typeof endings)[number];

/** Returns whether a status ends all mail until there is a new consent. */
export function isEnding(status: unknown): status is Ending {
  return endings.some((ending) => ending === status);
}

/** How many lists a subscriber may follow in all. A digest reads the papers of each. */
export const MAX_LISTS = 100;

/** Returns the schema of a whole number within bounds. Its messages say both. */
function wholeNumber(least: number, most: number) {
  const message = `expected a whole number from ${least} to ${most}`;
  return z.int(message).check(z.minimum(least, message), z.maximum(most, message));
}

/** A local hour of delivery, 0 to 23. */
export const hourSchema = wholeNumber(0, 23);

/** The largest number of papers that a digest can have. */
export const MAX_PAPERS = 50;

/** The most papers in a digest if the reader does not choose a number. */
export const DEFAULT_MAX_PAPERS = 10;

/** How many papers a digest has at most. */
export const maxPapersSchema = wholeNumber(1, MAX_PAPERS);

/** Papers of these lists that match the query, at this cadence, at most `maxPapers` in each digest. */
export const subscriptionSchema = z.object({
  /** Unique within its subscriber: `s1`. */
  id: z.string().check(z.regex(/^[a-z0-9]{1,16}$/, 'a subscription id is 1 to 16 small letters and digits')),
  lists: z.array(listIdSchema).check(z.minLength(1), z.maxLength(MAX_LISTS)),
  /** `querySchema` checks it when it is entered. */
  query: z.string(),
  cadence: z.enum(cadences),
  maxPapers: z._default(maxPapersSchema, DEFAULT_MAX_PAPERS),
  /** Subscriptions of earlier versions have no order. */
  sort: z._default(z.enum(sorts), DEFAULT_SORT),
  /** Whether to report when Hugging Face picks a paper that was sent before. @default false */
  tellPicked: z.optional(z.boolean()),
  /** Whether to report new versions of papers that were sent before, or of stored papers that the query names by `id:`. @default false */
  tellVersions: z.optional(z.boolean()),
});

export type Subscription = z.infer<typeof subscriptionSchema>;

/** How many subscriptions a subscriber may have. */
export const MAX_SUBSCRIPTIONS = 20;

/**
 * A stored time zone: any name. The time zone database changes, and an unknown name must not make a profile unreadable. New names are
 * checked with `timeZoneSchema`.
 */
const storedTimeZoneSchema = z.string().check(z.minLength(1));

/** Returns the schema of the subscriptions of one subscriber. */
export function createSubscriptionsSchema<Schema extends z.ZodMiniType<Subscription>>(schema: Schema) {
  return z.array(schema).check(
    z.minLength(1),
    z.maxLength(MAX_SUBSCRIPTIONS),
    z.refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
      error: 'two subscriptions of one subscriber have the same id',
    }),
    z.refine((list) => new Set(list.flatMap(({ lists }) => lists)).size <= MAX_LISTS, {
      error: `a subscriber can follow at most ${MAX_LISTS} lists`,
    }),
  );
}

const subscriptionsSchema = createSubscriptionsSchema(subscriptionSchema);

/** A sign-up that is not confirmed yet, with the choices that a confirmation saves. */
export const signUpSchema = z.object({
  at: instantSchema,
  /** An IP address, or the name of a file. */
  from: z.string(),
  /** The consent text. */
  text: z.string(),
  timeZone: storedTimeZoneSchema,
  hour: hourSchema,
  subscriptions: subscriptionsSchema,
  /** The id of the subscriber that moves to this address. Missing if there is none. */
  replaces: z.optional(z.string().check(z.minLength(1))),
});

export type SignUp = z.infer<typeof signUpSchema>;

/**
 * What changed a status. `confirmation` confirms a sign-up, `link` is the unsubscribe link in a mail, and `page` is the manage page.
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
  /** The new status. */
  status: z.enum(subscriberStatuses),
  at: instantSchema,
  by: z.enum(changeOrigins),
  /** Details for the operator: their reason, or the answer of the mail server. */
  note: z.optional(z.string().check(z.maxLength(200))),
});

export type StatusChange = z.infer<typeof statusChangeSchema>;

/** The time and the cause of a status change. */
export type ChangeCause = Omit<StatusChange, 'status'>;

/** How many status changes a profile keeps. The oldest are dropped. */
export const MAX_STATUS_CHANGES = 20;

/** How many muted papers a profile keeps. The oldest drop out: they are too old for any digest. */
export const MAX_MUTED_PAPERS = 200;

/** How many authors a subscriber may mute. */
export const MAX_MUTED_AUTHORS = 50;

/** The longest name that can be muted. The longest one on record has 39 characters. */
export const MAX_MUTED_NAME_CHARS = 80;

/** The papers that a subscriber does not want, oldest mute first. */
export const mutedPapersSchema = z.array(paperIdSchema).check(z.maxLength(MAX_MUTED_PAPERS));

/** The names of authors whose papers a subscriber does not want, oldest mute first. */
export const mutedAuthorsSchema = z
  .array(z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_MUTED_NAME_CHARS)))
  .check(z.maxLength(MAX_MUTED_AUTHORS));

/** One email address, its status and its choices. */
export const subscriberSchema = z.object({
  /** A keyed hash of the normalised address, so that one address is one subscriber. */
  id: z.string().check(z.minLength(1)),
  /** The address as it was typed. */
  address: addressSchema,
  status: z.enum(subscriberStatuses),
  timeZone: storedTimeZoneSchema,
  /** The local hour of delivery. */
  hour: hourSchema,
  /** The ISO weekday of weekly digests: 1 is Monday, 7 is Sunday. */
  weekday: wholeNumber(1, 7),
  format: z.enum(['html', 'text']),
  subscriptions: subscriptionsSchema,
  /** Missing if there are none. Digests leave these papers out. */
  mutedPapers: z.optional(mutedPapersSchema),
  /** Missing if there are none. Digests leave the papers of these authors out. */
  mutedAuthors: z.optional(mutedAuthorsSchema),
  /**
   * The first local day after a pause. Without it, the pause lasts until it is ended. A subscriber who leaves during a pause keeps it, so that
   * leaving can be undone.
   */
  pausedUntil: z.optional(daySchema),
  /** The newest unconfirmed sign-up. It is removed when the subscriber confirms it or leaves. */
  signUp: z.optional(signUpSchema),
  /** The time, origin and text of the consent. After a confirmation, also the time and origin of the sign-up. */
  consent: z.object({
    at: instantSchema,
    from: z.string(),
    text: z.string(),
    requestedAt: z.optional(instantSchema),
    requestedFrom: z.optional(z.string()),
    /** The id of the subscriber that moved to this address. */
    replaces: z.optional(z.string()),
  }),
  /** The last status changes, oldest first. Empty in profiles of earlier versions. */
  statusChanges: z.array(statusChangeSchema).check(z.maxLength(MAX_STATUS_CHANGES)),
  /** Manage links from before this time are invalid. If it is missing, all links work. */
  linksSince: z.optional(instantSchema),
  /** Soft bounces in a row. */
  softBounces: z.int().check(z.nonnegative()),
  /** When the first of them happened. */
  firstSoftBounceAt: z.optional(instantSchema),
  /** When the last counted one happened. It stays when a delivery ends the row, so that no bounce counts twice. */
  lastSoftBounceAt: z.optional(instantSchema),
  /** The number of saves, for optimistic locking. 0 before the first. */
  version: z.int().check(z.nonnegative()),
});

export type Subscriber = z.infer<typeof subscriberSchema>;

/** The status changes of a stored profile. Earlier versions stored only the time and the cause of the end. */
interface StoredChanges {
  readonly status?: unknown;
  readonly statusChanges?: unknown;
  readonly endedAt?: unknown;
  readonly endedBy?: unknown;
}

/** Returns the readable status changes of a stored profile. Drops only the entries that cannot be read. */
export function readStatusChanges({ status, statusChanges, endedAt: at, endedBy: by }: StoredChanges) {
  const read = (changes: readonly unknown[]) =>
    changes.flatMap((change) => statusChangeSchema.safeParse(change).data ?? []).slice(-MAX_STATUS_CHANGES);
  const changes = Array.isArray(statusChanges) ? read(statusChanges) : [];
  return changes.length > 0 ? changes : read([{ status, at, by }]);
}

/** Returns the subscriber with a new status. Adds the change to the history. */
export function withStatus<Known extends Pick<Subscriber, 'statusChanges'>>(
  subscriber: Known,
  status: SubscriberStatus,
  cause: ChangeCause,
): Known & Pick<Subscriber, 'status'> {
  const statusChanges = [...subscriber.statusChanges, { status, ...cause }].slice(-MAX_STATUS_CHANGES);
  return { ...subscriber, status, statusChanges };
}

/**
 * Returns the change that led to the stored status. Undefined if an earlier version changed the status last, and recorded no
 * change.
 */
export function lastChangeOf({ status, statusChanges }: Pick<Subscriber, 'status' | 'statusChanges'>) {
  const last = statusChanges.at(-1);
  return last?.status === status ? last : undefined;
}

/** Returns whether a subscriber agreed to digests and has not left. During a pause they get none. */
export function isSubscribed({ status }: Pick<Subscriber, 'status'>): boolean {
  return status === 'confirmed' || status === 'paused';
}

/** Returns whether a subscriber gets no mail until there is a new consent. */
export function hasEnded({ status }: Pick<Subscriber, 'status'>): boolean {
  return isEnding(status);
}

/**
 * Returns the subscriber in a status that ends all mail. Undefined if the status is already this one or a stronger one. A bounce is
 * stronger than an unsubscription. A complaint is the strongest, because another mail would do the most harm.
 */
export function endWith(subscriber: Subscriber, ending: Ending, cause: ChangeCause): Subscriber | undefined {
  const { status } = subscriber;
  const isAsStrong = isEnding(status) && endings.indexOf(status) >= endings.indexOf(ending);
  return isAsStrong ? undefined : { ...withStatus(subscriber, ending, cause), signUp: undefined };
}
