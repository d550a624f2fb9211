import { pause, resume } from '../../../domain/pause.ts';
import { resubscribe } from '../../../domain/sign-up.ts';
import { endWith, type Subscriber } from '../../../domain/subscriber.ts';
import type { WebAppPorts } from '../../ports.ts';
import { answerChange } from '../answers.ts';
import { defineEndpoint, type Endpoint, type EndpointRequest } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';
import { pauseRequestSchema, profileSchema } from '../schemas.ts';

/** An operation that a repeat changes nothing of, so it asks for no version. */
function defineState<Body = undefined>(
  name: string,
  summary: string,
  description: string,
  how: (subscriber: Subscriber, request: EndpointRequest<Body>, ports: WebAppPorts) => Subscriber | undefined,
  { body, problems = [] }: Pick<Partial<Endpoint<Body>>, 'body' | 'problems'> = {},
): Endpoint {
  return defineEndpoint<Body>({
    method: 'POST',
    path: `/v1/subscriber/${name}`,
    operationId: name,
    summary,
    description,
    needsToken: true,
    ...(body && { body }),
    answer: { status: 200, description: 'The profile.', schema: profileSchema, hasVersion: true },
    problems: ['version-conflict', ...problems],
    handle: (ports, request) => answerChange(ports, request, (subscriber) => how(subscriber, request, ports)),
  });
}

/** Stopping for a time or for good, and coming back. Each takes effect at once, for digests already queued as well. */
export const stateEndpoints: readonly Endpoint[] = [
  defineState(
    'pause',
    'Pause',
    'Until a day, or until somebody resumes. Changes nothing for one who is not subscribed.',
    (subscriber, { body }, { clock }) => pause(subscriber, body.until, { at: clock.now(), by: 'api' }),
    { body: pauseRequestSchema },
  ),
  defineState(
    'resume',
    'End a pause',
    'Changes nothing for one who is not paused.',
    (subscriber, _, { clock }) => resume(subscriber, { at: clock.now(), by: 'api' }),
  ),
  defineState(
    'unsubscribe',
    'Unsubscribe',
    'The profile is kept, and nothing is sent.',
    (subscriber, _, { clock }) => endWith(subscriber, 'unsubscribed', { at: clock.now(), by: 'api' }),
  ),
  defineState(
    'resubscribe',
    'Subscribe again',
    'After unsubscribing. Changes nothing for one who is subscribed. Refused after a bounce or a complaint.',
    (subscriber, { clientAddress }, { clock }) => {
      const { status } = subscriber;
      if (status === 'bounced')
        throw new ProblemError('not-mailed', {
          detail:
            'mails to this address came back: press "Subscribe again" on the manage page, and confirm by mail',
        });
      if (status === 'complained')
        throw new ProblemError('not-mailed', {
          detail: 'a mail was marked as spam: write to the sender of the digests',
        });
      const text = 'Subscribed again through the HTTP API.';
      return resubscribe(subscriber, { at: clock.now(), from: clientAddress ?? 'unknown', text }, 'api');
    },
    { problems: ['not-mailed'] },
  ),
];
