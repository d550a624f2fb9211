import type { Endpoint } from './endpoint.ts';
import { confirmationEndpoint } from './endpoints/confirmation.ts';
import { mailRequestEndpoints } from './endpoints/mail-requests.ts';
import { paperEndpoints } from './endpoints/papers.ts';
import { profileEndpoints } from './endpoints/profile.ts';
import { stateEndpoints } from './endpoints/states.ts';
import { subscriptionEndpoints } from './endpoints/subscriptions.ts';

/** Operations that belong together, as the reference and the tags of the OpenAPI document group them. */
export interface EndpointGroup {
  readonly name: string;
  readonly description: string;
  readonly endpoints: readonly Endpoint[];
}

/** In the order of the reference. */
export const endpointGroups: readonly EndpointGroup[] = [
  {
    name: 'Signing up',
    description: 'Anybody may ask. What is asked for comes by mail.',
    endpoints: [...mailRequestEndpoints, confirmationEndpoint],
  },
  {
    name: 'Profile',
    description: 'When and how digests come, and all data that is held.',
    endpoints: profileEndpoints,
  },
  {
    name: 'Subscriptions',
    description: 'What digests bring.',
    endpoints: subscriptionEndpoints,
  },
  {
    name: 'Pausing and leaving',
    description: 'Each takes effect at once, for digests already queued as well.',
    endpoints: stateEndpoints,
  },
  {
    name: 'Papers',
    description: 'What can be followed, and what it would bring.',
    endpoints: paperEndpoints,
  },
];

/** Every operation of the HTTP API. */
export const endpoints: readonly Endpoint[] = endpointGroups.flatMap((group) => group.endpoints);
