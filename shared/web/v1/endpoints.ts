import type { Endpoint } from './endpoint.ts';
import { confirmationEndpoint } from './endpoints/confirmation.ts';
import { mailRequestEndpoints } from './endpoints/mail-requests.ts';
import { paperEndpoints } from './endpoints/papers.ts';
import { profileEndpoints } from './endpoints/profile.ts';
import { stateEndpoints } from './endpoints/states.ts';
import { subscriptionEndpoints } from './endpoints/subscriptions.ts';

/** A group of operations. The reference and the tags of the OpenAPI document show it. */
export interface EndpointGroup {
  readonly name: string;
  readonly description: string;
  readonly endpoints: readonly Endpoint[];
}

/** In the order of the reference. */
export const endpointGroups: readonly EndpointGroup[] = [
  {
    name: 'Signing up',
    description: 'Anyone may send these requests. The answer arrives by mail.',
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
    endpoints: subscriptionEndpoints,
  },
  {
    name: 'Pausing and leaving',
    description: 'Each takes effect immediately, also for digests that are already queued.',
    endpoints: stateEndpoints,
  },
  {
    name: 'Papers',
    description: 'The lists that readers can follow, and a preview of a subscription.',
    endpoints: paperEndpoints,
  },
];

/** Every operation of the HTTP API. */
export const endpoints: readonly Endpoint[] = endpointGroups.flatMap((group) => group.endpoints);
