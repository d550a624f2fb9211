import type { Hono } from 'hono';
import type { WebAppPorts } from '../ports.ts';
import type { EndpointGroup } from './endpoint.ts';
import { confirmationEndpoint } from './endpoints/confirmation.ts';
import { mailRequestEndpoints } from './endpoints/mail-requests.ts';
import { previewEndpoint } from './endpoints/previews.ts';
import { profileEndpoints } from './endpoints/profile.ts';
import { stateEndpoints } from './endpoints/states.ts';
import { subscriptionEndpoints } from './endpoints/subscriptions.ts';
import { createApiRoutes } from './routes.ts';

/** The operations about subscribers, in the order of the reference. */
export const subscriberGroups: readonly EndpointGroup[] = [
  {
    name: 'Signing up',
    description: 'Anyone may send these requests. The answer arrives by email.',
    endpoints: [...mailRequestEndpoints, confirmationEndpoint],
  },
  {
    name: 'Profile',
    description: 'When and how digests arrive, and all stored data.',
    endpoints: profileEndpoints,
  },
  {
    name: 'Subscriptions',
    description: 'Which papers digests contain.',
    endpoints: [...subscriptionEndpoints, previewEndpoint],
  },
  {
    name: 'Pausing and leaving',
    description:
      'Each takes effect immediately, also for queued digests. None needs If-Match. Status 412 means that others keep changing the profile, so send the request again.',
    endpoints: stateEndpoints,
  },
];

/** The operations that are about subscribers, as routes. */
export function createSubscriberApi(ports: WebAppPorts): Hono {
  return createApiRoutes(ports, subscriberGroups);
}
