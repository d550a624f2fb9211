import { InvalidInputError } from '../../../domain/errors.ts';
import { findListFaults } from '../../../domain/lists/list-choice.ts';
import type { Subscriber, Subscription } from '../../../domain/subscribers/subscriber.ts';
import { MAX_SUBSCRIPTIONS } from '../../../domain/subscribers/subscriber.ts';
import {
  addSubscription,
  changeSubscription,
  removeSubscription,
} from '../../../domain/subscribers/subscription.ts';
import * as z from '../../../domain/zod.ts';
import { adviceOn, answerWith, change, hasAlready, ownerOf, type RefusalProblems } from '../answers.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { ProblemError, toInvalidInput } from '../problem.ts';
import {
  subscriptionChangeSchema,
  subscriptionFieldsSchema,
  subscriptionIdSchema,
  subscriptionViewSchema,
} from '../schemas.ts';

const SUBSCRIPTIONS_PATH = '/v1/subscriber/subscriptions';
const SUBSCRIPTION_PATH = `${SUBSCRIPTIONS_PATH}/{id}`;
const params = { id: subscriptionIdSchema };

/** The endpoints of a subscriber's subscriptions. Their version is that of the profile. */
export const subscriptionEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    method: 'GET',
    path: SUBSCRIPTIONS_PATH,
    operationId: 'listSubscriptions',
    summary: 'List the subscriptions',
    needsToken: true,
    answer: {
      status: 200,
      description: 'All of them, 1 to 20.',
      schema: z.array(subscriptionViewSchema),
      hasVersion: true,
    },
    async handle(_ports, request) {
      const subscriber = ownerOf(request);
      return answerWith(subscriber, subscriber.subscriptions);
    },
  }),
  defineEndpoint({
    method: 'POST',
    path: SUBSCRIPTIONS_PATH,
    operationId: 'addSubscription',
    summary: 'Add a subscription',
    needsToken: true,
    needsVersion: true,
    body: subscriptionFieldsSchema,
    listsField: ['lists'],
    answer: {
      status: 201,
      description: 'The new subscription.',
      schema: subscriptionViewSchema,
      hasVersion: true,
    },
    async handle(ports, request) {
      const subscriber = await change(ports, request, (known) => {
        const added = addSubscription(known, request.body);
        if (!added) throw new InvalidInputError(`expected at most ${MAX_SUBSCRIPTIONS} subscriptions`);
        return added;
      });
      const added = { ...subscriber.subscriptions.at(-1), ...adviceOn(ports, request.body.query) };
      return answerWith(subscriber, added, 201);
    },
  }),
  defineEndpoint({
    method: 'GET',
    path: SUBSCRIPTION_PATH,
    operationId: 'getSubscription',
    summary: 'Read a subscription',
    needsToken: true,
    params,
    answer: {
      status: 200,
      description: 'The subscription.',
      schema: subscriptionViewSchema,
      hasVersion: true,
    },
    async handle(_ports, request) {
      const subscriber = ownerOf(request);
      return answerWith(subscriber, findSubscription(subscriber, request.params.id));
    },
  }),
  defineEndpoint({
    method: 'PATCH',
    path: SUBSCRIPTION_PATH,
    operationId: 'changeSubscription',
    summary: 'Change a subscription',
    description: 'A field that is left out does not change.',
    needsToken: true,
    needsVersion: true,
    params,
    body: subscriptionChangeSchema,
    listsField: ['lists'],
    checksLists: true,
    answer: {
      status: 200,
      description: 'The changed subscription.',
      schema: subscriptionViewSchema,
      hasVersion: true,
    },
    async handle(ports, request) {
      const { id = '' } = request.params;
      const subscriber = await change(
        ports,
        request,
        (known) => {
          const old = known.subscriptions.find((subscription) => subscription.id === id);
          const faults = findListFaults(request.body.lists ?? [], ports.lists, ['lists'], old?.lists);
          if (faults.length > 0) throw toInvalidInput(faults);
          if (!old) return 'no-such-subscription';
          return hasAlready({ tellPicked: false, tellVersions: false, ...old }, request.body)
            ? undefined
            : changeSubscription(known, id, Object.assign({ ...old }, request.body));
        },
        noSuchSubscription(id),
      );
      const changed = { ...findSubscription(subscriber, id), ...adviceOn(ports, request.body.query) };
      return answerWith(subscriber, changed);
    },
  }),
  defineEndpoint({
    method: 'DELETE',
    path: SUBSCRIPTION_PATH,
    operationId: 'removeSubscription',
    summary: 'Remove a subscription',
    description: 'The only subscription cannot be removed: unsubscribe instead.',
    needsToken: true,
    needsVersion: true,
    params,
    answer: {
      status: 200,
      description: 'The remaining subscriptions.',
      schema: z.array(subscriptionViewSchema),
      hasVersion: true,
    },
    async handle(ports, request) {
      const { id = '' } = request.params;
      const removal = (known: Subscriber) => {
        if (!known.subscriptions.some((subscription) => subscription.id === id))
          return 'no-such-subscription';
        const changed = removeSubscription(known, id);
        if (!changed)
          throw new InvalidInputError('the only subscription cannot be removed: unsubscribe instead');
        return changed;
      };
      const subscriber = await change(ports, request, removal, noSuchSubscription(id));
      return answerWith(subscriber, subscriber.subscriptions);
    },
  }),
];

function findSubscription({ subscriptions }: Subscriber, id: string | undefined): Subscription {
  const found = subscriptions.find((subscription) => subscription.id === id);
  const { kind, detail } = noSuchSubscription(id)['no-such-subscription'];
  if (!found) throw new ProblemError(kind, { detail });
  return found;
}

function noSuchSubscription(id: string | undefined): RefusalProblems<'no-such-subscription'> {
  return { 'no-such-subscription': { kind: 'not-found', detail: `there is no subscription "${id}"` } };
}
