import type { Subscriber } from '../../domain/subscriber.ts';
import { changeAtVersion } from '../../subscribers/change-at-version.ts';
import type { WebAppPorts } from '../ports.ts';
import type { EndpointAnswer, EndpointRequest } from './endpoint.ts';
import { ProblemError, toInvalidInput } from './problem.ts';
import { toProfile } from './schemas.ts';

/** An answer about a profile, with its version as `ETag`. */
export function answerWith(
  { version }: Pick<Subscriber, 'version'>,
  body: unknown,
  status: 200 | 201 = 200,
): EndpointAnswer {
  return { status, body, headers: { etag: `"${version}"` } };
}

/** @throws ProblemError where the subscriber was erased */
export async function loadSubscriber(
  { subscribers }: WebAppPorts,
  id: Subscriber['id'],
): Promise<Subscriber> {
  const subscriber = await subscribers.load(id);
  if (!subscriber) throw new ProblemError('erased');
  return subscriber;
}

/**
 * Changes the profile at the version that was asked for, and returns it.
 *
 * @throws ProblemError
 */
export async function change(
  { subscribers }: WebAppPorts,
  { subscriberId, versions }: Pick<EndpointRequest<unknown>, 'subscriberId' | 'versions'>,
  how: (subscriber: Subscriber) => Subscriber | undefined,
): Promise<Subscriber> {
  const result = await changeAtVersion(subscribers, subscriberId, versions, how);
  switch (result.kind) {
    case 'changed':
      return result.subscriber;
    case 'invalid':
      throw toInvalidInput(result.faults);
    case 'gone':
      throw new ProblemError('erased');
    case 'conflict':
      throw new ProblemError('version-conflict', {
        detail: `expected If-Match: "${result.subscriber.version}"; read the profile and change it anew`,
      });
    default:
      return result satisfies never;
  }
}

/** Changes the profile, and answers with it. */
export async function answerChange(
  ports: WebAppPorts,
  request: Pick<EndpointRequest<unknown>, 'subscriberId' | 'versions'>,
  how: (subscriber: Subscriber) => Subscriber | undefined,
): Promise<EndpointAnswer> {
  const subscriber = await change(ports, request, how);
  return answerWith(subscriber, toProfile(subscriber, ports.clock.now()));
}
