import { pause, resume } from '../../../domain/subscribers/pause.ts';
import { resubscribe } from '../../../domain/subscribers/sign-up.ts';
import { endWith, type Subscriber } from '../../../domain/subscribers/subscriber.ts';
import type { WebAppPorts } from '../../ports.ts';
import { answerChange, type RefusalProblems } from '../answers.ts';
import { defineEndpoint, type Endpoint, type EndpointRequest } from '../endpoint.ts';
import type { ProblemKind } from '../problem.ts';
import { pauseRequestSchema, profileSchema } from '../schemas.ts';

type StateChange<Body, Refusal extends string> = (
  subscriber: Subscriber,
  request: EndpointRequest<Body>,
  ports: WebAppPorts,
) => Subscriber | Refusal | undefined;

interface StateOptions<Body, Refusal extends string> extends Pick<Endpoint<Body>, 'body' | 'isBodyOptional'> {
  readonly refusals?: RefusalProblems<Refusal>;
}

/** Defines an idempotent change of the status. It needs no version, but many other writers at the same time can still stop it. */
function defineState<Body = undefined, Refusal extends string = never>(
  name: string,
  summary: string,
  description: string,
  how: StateChange<Body, Refusal>,
  { refusals, ...body }: StateOptions<Body, Refusal> = {},
): Endpoint {
  const problems = Object.values<{ kind: ProblemKind }>(refusals ?? {}).map(({ kind }) => kind);
  return defineEndpoint<Body>({
    method: 'POST',
    path: `/v1/subscriber/${name}`,
    operationId: name,
    summary,
    description,
    needsToken: true,
    ...body,
    answer: { status: 200, description: 'The profile.', schema: profileSchema, hasVersion: true },
    problems: ['version-conflict', ...problems],
    handle: (ports, request) =>
      answerChange(ports, request, (subscriber) => how(subscriber, request, ports), refusals),
  });
}

/** Pause, resume, unsubscribe and subscribe again. */
export const stateEndpoints: readonly Endpoint[] = [
  defineState(
    'pause',
    'Pause',
    'Pauses digests. Changes nothing if there is no active subscription. The body is optional.',
    (subscriber, { body }, { clock }) => pause(subscriber, body.until, { at: clock.now(), by: 'api' }),
    { body: pauseRequestSchema, isBodyOptional: true },
  ),
  defineState(
    'resume',
    'Resume',
    'Ends a pause. Changes nothing if there is none.',
    (subscriber, _, { clock }) => resume(subscriber, { at: clock.now(), by: 'api' }),
  ),
  defineState(
    'unsubscribe',
    'Unsubscribe',
    'Stops all digests. The profile is kept.',
    (subscriber, _, { clock }) => endWith(subscriber, 'unsubscribed', { at: clock.now(), by: 'api' }),
  ),
  defineState(
    'resubscribe',
    'Subscribe again',
    'Starts digests again after unsubscribing. Changes nothing if the subscriber did not unsubscribe. Refused after a bounce or a complaint.',
    (subscriber, { clientAddress }, { clock }) => {
      const { status } = subscriber;
      if (status === 'bounced' || status === 'complained') return status;
      const text = 'Subscribed again through the HTTP API.';
      return resubscribe(subscriber, { at: clock.now(), from: clientAddress ?? 'unknown', text }, 'api');
    },
    {
      refusals: {
        bounced: {
          kind: 'not-mailed',
          detail:
            'emails to this address bounced: press "Subscribe again" on the manage page, and confirm by email',
        },
        complained: {
          kind: 'not-mailed',
          detail: 'an email was marked as spam: write to the sender of the digests',
        },
      },
    },
  ),
];
