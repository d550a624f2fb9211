import * as z from '../zod.ts';
import {
  createSubscriptionsSchema,
  readStatusChanges,
  type SignUp,
  type Subscriber,
  type Subscription,
  signUpSchema,
  subscriberSchema,
  subscriptionSchema,
} from './subscriber.ts';
import { QUERY_VERSION, upgradeQuery } from './upgrade-query.ts';

/** A subscription as it is stored: with the version of its query language. Earlier releases stored none. */
type StoredSubscription = Subscription & { readonly queryVersion: number };

/** The subscriptions that this or an earlier release stored. Queries of the first language turn into the present one. */
export const storedSubscriptionsSchema = createSubscriptionsSchema(
  z.pipe(
    z.object({ ...subscriptionSchema.shape, queryVersion: z.optional(z.int()) }),
    z.transform(
      ({ queryVersion, query, ...fields }): Subscription => ({
        ...fields,
        query: queryVersion === undefined ? upgradeQuery(query) : query,
      }),
    ),
  ),
);

/** A sign-up that this or an earlier release stored or queued. */
export const storedSignUpSchema = z.object({
  ...signUpSchema.shape,
  subscriptions: storedSubscriptionsSchema,
});

/**
 * A profile that this or an earlier release stored. A field that a release adds to {@link subscriberSchema} is optional, or has its
 * default here.
 */
export const storedSubscriberSchema = z.pipe(
  z.object({
    ...subscriberSchema.shape,
    weekday: z._default(subscriberSchema.shape.weekday, 1),
    format: z._default(subscriberSchema.shape.format, 'html'),
    subscriptions: storedSubscriptionsSchema,
    signUp: z.optional(storedSignUpSchema),
    softBounces: z._default(subscriberSchema.shape.softBounces, 0),
    statusChanges: z.optional(z.unknown()),
    endedAt: z.optional(z.unknown()),
    endedBy: z.optional(z.unknown()),
  }),
  z.transform(
    ({ endedAt, endedBy, ...stored }): Subscriber => ({
      ...stored,
      statusChanges: readStatusChanges({ ...stored, endedAt, endedBy }),
    }),
  ),
);

/** A sign-up as it is stored or queued. */
export type StoredSignUp = Omit<SignUp, 'subscriptions'> & { readonly subscriptions: StoredSubscription[] };

/** A profile as it is stored. */
export type StoredSubscriber = Omit<Subscriber, 'subscriptions' | 'signUp'> & {
  readonly subscriptions: StoredSubscription[];
  readonly signUp?: StoredSignUp | undefined;
};

/** Returns subscriptions as they are stored. */
export function toStoredSubscriptions(subscriptions: readonly Subscription[]): StoredSubscription[] {
  return subscriptions.map((subscription) => ({ ...subscription, queryVersion: QUERY_VERSION }));
}

/** Returns a sign-up as it is stored or queued. */
export function toStoredSignUp(signUp: SignUp): StoredSignUp {
  return { ...signUp, subscriptions: toStoredSubscriptions(signUp.subscriptions) };
}

/** Returns a profile as it is stored. */
export function toStoredSubscriber({ signUp, subscriptions, ...subscriber }: Subscriber): StoredSubscriber {
  return {
    ...subscriber,
    subscriptions: toStoredSubscriptions(subscriptions),
    ...(signUp && { signUp: toStoredSignUp(signUp) }),
  };
}
