import { isDeepStrictEqual } from 'node:util';
import { statusAt } from '../../domain/subscribers/pause.ts';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import type { Instant } from '../../domain/time/time.ts';
import { adviseOn } from '../../matching/query/query-advice.ts';
import { type Change, changeSubscriber } from '../../subscribers/change-subscriber.ts';
import type { WebAppPorts } from '../ports.ts';
import type { EndpointAnswer, EndpointRequest } from './endpoint.ts';
import { ProblemError, type ProblemKind, toInvalidInput } from './problem.ts';
import type { Profile } from './schemas.ts';

/** Returns an answer about a profile, with its version as `ETag`. */
export function answerWith(
  { version }: Pick<Subscriber, 'version'>,
  body: unknown,
  status: 200 | 201 = 200,
): EndpointAnswer {
  return { status, body, headers: { etag: `"${version}"` } };
}

/** Returns a subscriber as the API shows it at the time `now`. */
export function toProfile(subscriber: Subscriber, now: Instant): Profile {
  const { address, timeZone, subscriptions, pausedUntil: until } = subscriber;
  const current = statusAt(subscriber, now);
  return {
    address,
    status: current,
    timeZone,
    hour: subscriber.hour,
    weekday: subscriber.weekday,
    format: subscriber.format,
    pausedUntil: current === 'paused' ? until : undefined,
    mutedPapers: subscriber.mutedPapers ?? [],
    mutedAuthors: subscriber.mutedAuthors ?? [],
    subscriptions,
  };
}

/** Returns whether a profile or a subscription already has each value of a change. Then nothing is saved, and the version stays. */
export function hasAlready(known: Readonly<Record<string, unknown>>, change: object): boolean {
  return Object.entries(change).every(([name, value]) => isDeepStrictEqual(known[name], value));
}

/** Returns the field `advice` of an answer, about the query that a request set or previewed. No field if there is nothing to say. */
export function adviceOn({ lists }: WebAppPorts, query = ''): { readonly advice?: readonly string[] } {
  const advice = adviseOn(query, lists);
  return advice.length === 0 ? {} : { advice };
}

/** @throws ProblemError if the subscriber was erased */
export function ownerOf({ subscriber }: Pick<EndpointRequest<unknown>, 'subscriber'>): Subscriber {
  if (!subscriber) throw new ProblemError('erased');
  return subscriber;
}

/** The problem that each refusal of a change becomes. */
export type RefusalProblems<Refusal extends string> = Readonly<
  Record<Refusal, { readonly kind: ProblemKind; readonly detail: string }>
>;

type ChangeRequest = Pick<EndpointRequest<unknown>, 'subscriberId'> &
  Partial<Pick<EndpointRequest<unknown>, 'versions'>>;

/**
 * Changes the profile at one of the versions in the request, and returns it.
 *
 * @throws ProblemError for any outcome without a profile
 */
export async function change<Refusal extends string = never>(
  { subscribers }: WebAppPorts,
  { subscriberId, versions }: ChangeRequest,
  how: Change<Refusal>,
  refusals: RefusalProblems<Refusal> = {} as RefusalProblems<Refusal>,
): Promise<Subscriber> {
  const outcome = await changeSubscriber(subscribers, subscriberId, how, versions);
  switch (outcome.kind) {
    case 'changed':
    case 'unchanged':
      return outcome.subscriber;
    case 'refused': {
      const { kind, detail } = refusals[outcome.reason];
      throw new ProblemError(kind, { detail });
    }
    case 'invalid':
      throw toInvalidInput(outcome.faults);
    case 'gone':
      throw new ProblemError('erased');
    case 'conflict':
      throw new ProblemError('version-conflict', {
        detail: explainConflict(outcome.subscriber.version, versions),
      });
    default:
      return outcome satisfies never;
  }
}

function explainConflict(version: number, versions: readonly number[] | undefined): string {
  return versions?.length === 0
    ? `If-Match has no ETag of a profile: expected one in quotation marks, such as "${version}", the version that it has now`
    : `the profile now has version "${version}": read it and apply the change again`;
}

/** Changes the profile and answers with it. */
export async function answerChange<Refusal extends string = never>(
  ports: WebAppPorts,
  request: ChangeRequest,
  how: Change<Refusal>,
  refusals?: RefusalProblems<Refusal>,
): Promise<EndpointAnswer> {
  const subscriber = await change(ports, request, how, refusals);
  return answerWith(subscriber, toProfile(subscriber, ports.clock.now()));
}
