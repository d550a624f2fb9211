import * as z from 'zod';
import {
  readStatusChanges,
  type SignUp,
  type Subscriber,
  type Subscription,
  signUpSchema,
  subscriberSchema,
  subscriptionSchema,
  subscriptionsOf,
} from './subscriber.ts';
import { QUERY_VERSION, upgradeQuery } from './upgrade-query.ts';

/** A subscription as it is stored: with the version of its query language. Earlier releases stored none. */
type StoredSubscription = Subscription & { readonly queryVersion: number };

/** The subscriptions that this or an earlier release stored. Queries of the first language turn into the present one. */
export const storedSubscriptionsSchema = subscriptionsOf(
  subscriptionSchema.extend({ queryVersion: z.int().optional() }).transform(
    ({ queryVersion, query, ...others }): Subscription => ({
      ...others,
      query: queryVersion === undefined ? upgradeQuery(query) : query,
    }),
  ),
);

/** A sign-up that this or an earlier release stored or queued. */
export const storedSignUpSchema = signUpSchema.extend({ subscriptions: storedSubscriptionsSchema });

/**
 * A profile that this or an earlier release stored. A field that a release adds to {@link subscriberSchema} is optional, or has its
 * default here.
 */
export const storedSubscriberSchema = subscriberSchema
  .extend({
    weekday: subscriberSchema.shape.weekday.default(1),
    format: subscriberSchema.shape.format.default('html'),
    subscriptions: storedSubscriptionsSchema,
    signUp: storedSignUpSchema.optional(),
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

/** A sign-up as it is stored or queued. */
export type StoredSignUp = Omit<SignUp, 'subscriptions'> & { readonly subscriptions: StoredSubscription[] };

/** A profile as it is stored. */
export type StoredSubscriber = Omit<Subscriber, 'subscriptions' | 'signUp'> & {
  readonly subscriptions: StoredSubscription[];
  readonly signUp?: StoredSignUp | undefined;
};

/** Returns subscriptions as they are stored. */
export function toStoredSubscriptions(subscriptions: readonly Subscription[]): StoredSubscription[] {
  return subscriptions.map((one) => ({ ...one, queryVersion: QUERY_VERSION }));
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
