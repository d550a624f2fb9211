import { randomUUID } from 'node:crypto';
import { CONFIRM_WITHIN_HOURS } from '../../../domain/subscribers/sign-up.ts';
import type { WebRequest } from '../../../ports/queues.ts';
import { askForMail, toSignUp } from '../../../subscribers/ask-for-mail.ts';
import type { WebAppPorts } from '../../ports.ts';
import { adviceOn } from '../answers.ts';
import { defineEndpoint, type Endpoint, type EndpointAnswer } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';
import { acceptedSchema, addressRequestSchema, signUpRequestSchema } from '../schemas.ts';

const ACCEPTED = { message: 'If we can send email to this address, a message is on its way.' };

const ANSWER = {
  status: 202,
  description: 'An email may be on its way. The answer is the same for every address, known or not.',
  schema: acceptedSchema,
} as const;

/** The requests that need no token. A mail answers them. */
export const mailRequestEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    method: 'POST',
    path: '/v1/sign-ups',
    operationId: 'signUp',
    summary: 'Sign up an address',
    description: `Sends an email that asks to confirm within ${CONFIRM_WITHIN_HOURS} hours. Nothing else is sent before that. An address gets at most one email in 24 hours that answers a sign-up or a request for a link. After the address is confirmed, the next request is answered immediately. Without a \`subscription\`, the address gets every paper of the default lists, at the default cadence.`,
    needsToken: false,
    body: signUpRequestSchema,
    listsField: ['subscription', 'lists'],
    answer: ANSWER,
    problems: ['too-many-requests'],
    async handle(ports, { body, clientAddress }) {
      const { address } = body;
      const signUp = toSignUp(ports, { ...body, text: 'Signed up through the HTTP API.' }, clientAddress);
      const request = { kind: 'sign-up', id: randomUUID(), address, signUp } as const;
      return ask(ports, clientAddress, request, adviceOn(ports, body.subscription?.query));
    },
  }),
  defineEndpoint({
    method: 'POST',
    path: '/v1/manage-links',
    operationId: 'requestManageLink',
    summary: 'Ask for a manage link by email',
    description: 'The token at the end of the link is the bearer token for requests about the subscriber.',
    needsToken: false,
    body: addressRequestSchema,
    answer: ANSWER,
    problems: ['too-many-requests'],
    handle: (ports, { body: { address }, clientAddress }) =>
      ask(ports, clientAddress, { kind: 'manage-link', id: randomUUID(), address }),
  }),
];

async function ask(
  ports: WebAppPorts,
  clientAddress: string | undefined,
  request: WebRequest,
  advice: ReturnType<typeof adviceOn> = {},
): Promise<EndpointAnswer> {
  if (await askForMail(ports, clientAddress, request))
    return { status: 202, body: { ...ACCEPTED, ...advice } };
  throw new ProblemError('too-many-requests', {
    detail: 'too many requests from this network: try again in an hour',
  });
}
