import { signingKeyOf } from '../../../keys.ts';
import { confirmSubscriber } from '../../../subscribers/confirm-subscriber.ts';
import { mailedAtOf, signToken, verifyToken } from '../../tokens.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';
import { confirmationSchema, tokenRequestSchema, toProfile } from '../schemas.ts';

/** Confirms a sign-up by the token of the mail, which nobody else has. */
export const confirmationEndpoint: Endpoint = defineEndpoint({
  method: 'POST',
  path: '/v1/confirmations',
  operationId: 'confirmSignUp',
  summary: 'Confirm a sign-up',
  description: 'With the token at the end of the link in the mail. A repeat gives the same answer.',
  needsToken: false,
  body: tokenRequestSchema,
  answer: { status: 200, description: 'The address is subscribed.', schema: confirmationSchema },
  problems: ['invalid-token', 'nothing-to-confirm'],
  async handle(ports, { body, clientAddress }) {
    const now = ports.clock.now();
    const { linkKeys } = await ports.keyring.load();
    const id = verifyToken('confirm', body.token, linkKeys, now);
    if (!id)
      throw new ProblemError('invalid-token', {
        detail: 'expected the token of a mail of the last 48 hours',
      });
    const subscriber = await confirmSubscriber(ports, id, clientAddress ?? 'unknown', mailedAtOf(body.token));
    if (!subscriber) throw new ProblemError('nothing-to-confirm', { detail: 'sign up again' });
    const manageToken = signToken('manage', id, signingKeyOf(linkKeys, now), now);
    return { status: 200, body: { manageToken, profile: toProfile(subscriber, now) } };
  },
});
