import { CONFIRM_WITHIN_HOURS } from '../../../domain/subscribers/sign-up.ts';
import { confirmSubscriber } from '../../../subscribers/confirm-subscriber.ts';
import { mailedSignUpOf } from '../../tokens.ts';
import { openLink, signManageToken } from '../../verify-link.ts';
import { adviceOn, toProfile } from '../answers.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';
import { confirmationRequestSchema, confirmationSchema } from '../schemas.ts';

/** Confirms a sign-up with the token in the mail. */
export const confirmationEndpoint: Endpoint = defineEndpoint({
  method: 'POST',
  path: '/v1/confirmations',
  operationId: 'confirmSignUp',
  summary: 'Confirm a sign-up',
  description:
    'Takes the token at the end of the link in the email. Every other field is optional and replaces a choice of the sign-up. If the address was signed up again after the email, `timeZone`, `hour` and `subscription` are required. A repeated request gets the same answer.',
  needsToken: false,
  body: confirmationRequestSchema,
  listsField: ['subscription', 'lists'],
  answer: { status: 200, description: 'The address is subscribed.', schema: confirmationSchema },
  problems: ['invalid-token', 'nothing-to-confirm', 'sign-up-changed'],
  async handle(ports, { body, clientAddress }) {
    const link = await openLink(ports, 'confirm', body.token);
    if (!link)
      throw new ProblemError('invalid-token', {
        detail: `expected the token of an email from the last ${CONFIRM_WITHIN_HOURS} hours`,
      });
    const { subscriberId } = link.token;
    const { token, subscription, ...others } = body;
    const subscriptions = subscription && [{ id: 's1', ...subscription }];
    const outcome = await confirmSubscriber(ports, subscriberId, {
      from: clientAddress ?? 'unknown',
      mailed: mailedSignUpOf(link.token),
      choices: { ...others, ...(subscriptions && { subscriptions }) },
    });
    if (outcome.kind === 'nothing') throw new ProblemError('nothing-to-confirm', { detail: 'sign up again' });
    if (outcome.kind === 'newer')
      throw new ProblemError('sign-up-changed', {
        detail: 'expected "timeZone", "hour" and "subscription" in the body',
      });
    const manageToken = await signManageToken(ports, subscriberId);
    const profile = toProfile(outcome.subscriber, ports.clock.now());
    return { status: 200, body: { manageToken, profile, ...adviceOn(ports, subscription?.query) } };
  },
});
