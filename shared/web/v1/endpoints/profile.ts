import { eraseSubscriber, exportSubscriber } from '../../../subscribers/held-data.ts';
import { answerChange, answerWith, loadSubscriber } from '../answers.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';
import { heldDataSchema, profileChangeSchema, profileSchema, toProfile } from '../schemas.ts';

/** The subscriber whose token was sent: reading, changing, taking out and erasing what is held. */
export const profileEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    method: 'GET',
    path: '/v1/subscriber',
    operationId: 'getSubscriber',
    summary: 'Read the profile',
    needsToken: true,
    answer: { status: 200, description: 'The profile.', schema: profileSchema, hasVersion: true },
    async handle(ports, { subscriberId }) {
      const subscriber = await loadSubscriber(ports, subscriberId);
      return answerWith(subscriber, toProfile(subscriber, ports.clock.now()));
    },
  }),
  defineEndpoint({
    method: 'PATCH',
    path: '/v1/subscriber',
    operationId: 'changeSubscriber',
    summary: 'Change when and how digests come',
    description: 'What is left out stays as it is.',
    needsToken: true,
    needsVersion: true,
    body: profileChangeSchema,
    answer: { status: 200, description: 'The changed profile.', schema: profileSchema, hasVersion: true },
    handle: (ports, request) =>
      answerChange(ports, request, (subscriber) => Object.assign({ ...subscriber }, request.body)),
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/subscriber/export',
    operationId: 'exportSubscriber',
    summary: 'Take out everything that is held',
    needsToken: true,
    answer: {
      status: 200,
      description: 'Everything that is held of the subscriber.',
      schema: heldDataSchema,
    },
    async handle(ports, { subscriberId }) {
      const held = await exportSubscriber(ports, subscriberId);
      if (!held) throw new ProblemError('erased');
      return { status: 200, body: held };
    },
  }),
  defineEndpoint({
    method: 'DELETE',
    path: '/v1/subscriber',
    operationId: 'eraseSubscriber',
    summary: 'Erase everything that is held',
    description: 'At once, in all tables, and for good. Digests already queued are not sent.',
    needsToken: true,
    answer: { status: 204, description: 'Nothing is held any more.' },
    async handle(ports, { subscriberId }) {
      await eraseSubscriber(ports, await loadSubscriber(ports, subscriberId));
      return { status: 204 };
    },
  }),
];
