import { CONFIRM_WITHIN_HOURS, DATA_LINK_MINUTES, renewLinks } from '../../../domain/subscribers/sign-up.ts';
import { askForDataLink } from '../../../subscribers/ask-for-mail.ts';
import { askToMove } from '../../../subscribers/move-address.ts';
import { eraseSubscriber, exportSubscriber } from '../../../subscribers/personal-data.ts';
import { findFeedUrls } from '../../feeds/private-feed-urls.ts';
import { signManageToken } from '../../verify-link.ts';
import { answerChange, answerWith, change, hasAlready, ownerOf, toProfile } from '../answers.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { ProblemError, toInvalidInput } from '../problem.ts';
import {
  acceptedSchema,
  addressRequestSchema,
  feedUrlsSchema,
  personalDataSchema,
  profileChangeSchema,
  profileSchema,
  renewedLinksSchema,
} from '../schemas.ts';

/** The endpoints of the token's subscriber: read, change, export and erase. */
export const profileEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    method: 'GET',
    path: '/v1/subscriber',
    operationId: 'getSubscriber',
    summary: 'Read the profile',
    needsToken: true,
    answer: { status: 200, description: 'The profile.', schema: profileSchema, hasVersion: true },
    async handle(ports, request) {
      const subscriber = ownerOf(request);
      return answerWith(subscriber, toProfile(subscriber, ports.clock.now()));
    },
  }),
  defineEndpoint({
    method: 'PATCH',
    path: '/v1/subscriber',
    operationId: 'changeSubscriber',
    summary: 'Change when and how digests arrive, and what is muted',
    description:
      'A field that is left out does not change. `mutedPapers` and `mutedAuthors` replace the stored lists, so send the complete list.',
    needsToken: true,
    needsVersion: true,
    body: profileChangeSchema,
    answer: { status: 200, description: 'The changed profile.', schema: profileSchema, hasVersion: true },
    handle: (ports, request) =>
      answerChange(ports, request, (subscriber) =>
        hasAlready({ ...toProfile(subscriber, ports.clock.now()) }, request.body)
          ? undefined
          : Object.assign({ ...subscriber }, request.body),
      ),
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/subscriber/feed',
    operationId: 'getFeed',
    summary: 'Get the addresses of the feed',
    description:
      'The feed has the newest papers that match a subscription, without muted ones. Whoever knows its address can read it. Making old links invalid changes the address.',
    needsToken: true,
    answer: { status: 200, description: 'The addresses.', schema: feedUrlsSchema },
    problems: ['not-found'],
    async handle(ports, request) {
      const urls = await findFeedUrls(ports, ownerOf(request));
      if (!urls) throw new ProblemError('not-found', { detail: 'only subscribers have a feed' });
      return { status: 200, body: urls };
    },
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/subscriber/export',
    operationId: 'exportSubscriber',
    summary: 'Export all data',
    needsToken: true,
    tokenOf: 'data',
    answer: {
      status: 200,
      description: 'All stored data about the subscriber.',
      schema: personalDataSchema,
    },
    async handle(ports, { subscriberId }) {
      const data = await exportSubscriber(ports, subscriberId);
      if (!data) throw new ProblemError('erased');
      return { status: 200, body: data };
    },
  }),
  defineEndpoint({
    method: 'DELETE',
    path: '/v1/subscriber',
    operationId: 'eraseSubscriber',
    summary: 'Erase all data',
    description:
      'Erases all data immediately and for good. Digests that are already queued are not sent. Only a note stays, without the address, which says that the subscriber has left. It stops an import from emailing them again. A subscription that moved to another address stays there, with what it copied.',
    needsToken: true,
    tokenOf: 'data',
    answer: { status: 204, description: 'The data is erased.' },
    async handle(ports, request) {
      await eraseSubscriber(ports, ownerOf(request), 'api');
      return { status: 204 };
    },
  }),
  defineEndpoint({
    method: 'POST',
    path: '/v1/subscriber/data-links',
    operationId: 'requestDataLink',
    summary: 'Ask for a data link by email',
    description: `The token at the end of the link can export all data, erase it, and make old links invalid. It works for ${DATA_LINK_MINUTES} minutes. A subscriber gets at most five such emails a day.`,
    needsToken: true,
    answer: { status: 202, description: 'An email is on its way.', schema: acceptedSchema },
    problems: ['too-many-requests', 'not-mailed'],
    async handle(ports, request) {
      const asked = await askForDataLink(ports, ownerOf(request), request.clientAddress);
      if (asked === 'too-many-links')
        throw new ProblemError('too-many-requests', {
          detail: 'we have sent several links today: try again tomorrow',
        });
      if (asked === 'too-many-requests') throw new ProblemError(asked, { detail: 'try again in an hour' });
      if (asked === 'unmailable')
        throw new ProblemError('not-mailed', { detail: 'write to the sender of the digests' });
      return { status: 202, body: { message: 'An email is on its way.' } };
    },
  }),
  defineEndpoint({
    method: 'POST',
    path: '/v1/subscriber/address-changes',
    operationId: 'requestAddressChange',
    summary: 'Ask to change the address',
    description: `Sends an email that asks the new address to confirm within ${CONFIRM_WITHIN_HOURS} hours, as a sign-up does. The confirmation moves the subscription, and ends digests to the present address. That address gets an email about it, if it did not bounce. The new address has another manage token. The answer is the same for every new address, known or not.`,
    needsToken: true,
    body: addressRequestSchema,
    answer: {
      status: 202,
      description: 'An email may be on its way to the new address. Nothing has changed yet.',
      schema: acceptedSchema,
    },
    problems: ['too-many-requests', 'not-mailed'],
    async handle(ports, request) {
      const subscriber = ownerOf(request);
      const { address } = request.body;
      const move = { subscriber, address, text: 'Moved to this address through the HTTP API.' };
      const asked = await askToMove(ports, move, request.clientAddress);
      if (asked === 'too-many-requests') throw new ProblemError(asked, { detail: 'try again in an hour' });
      if (asked === 'same-address')
        throw toInvalidInput([{ path: ['address'], message: 'the subscriber has this address already' }]);
      if (asked === 'not-subscribed')
        throw new ProblemError('not-mailed', { detail: 'sign up with the new address' });
      return {
        status: 202,
        body: { message: 'If we can send email to this address, a message is on its way.' },
      };
    },
  }),
  defineEndpoint({
    method: 'POST',
    path: '/v1/subscriber/renew-links',
    operationId: 'renewLinks',
    summary: 'Make old links invalid',
    description:
      'The manage links of all earlier emails, their bearer tokens and the address of the feed stop working. Unsubscribe links keep working.',
    needsToken: true,
    tokenOf: 'data',
    answer: { status: 200, description: 'A new token.', schema: renewedLinksSchema },
    async handle(ports, { subscriberId }) {
      const now = ports.clock.now();
      await change(ports, { subscriberId }, (subscriber) => renewLinks(subscriber, now));
      return { status: 200, body: { manageToken: await signManageToken(ports, subscriberId) } };
    },
  }),
];
