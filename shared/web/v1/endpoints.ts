import type { Endpoint } from './endpoint.ts';
import { confirmationEndpoint } from './endpoints/confirmation.ts';
import { mailRequestEndpoints } from './endpoints/mail-requests.ts';
import { paperEndpoints } from './endpoints/papers.ts';
import { profileEndpoints } from './endpoints/profile.ts';
import { stateEndpoints } from './endpoints/states.ts';
import { subscriptionEndpoints } from './endpoints/subscriptions.ts';

/** Every operation of the HTTP API, in the order of the reference. */
export const endpoints: readonly Endpoint[] = [
  ...mailRequestEndpoints,
  confirmationEndpoint,
  ...profileEndpoints,
  ...subscriptionEndpoints,
  ...stateEndpoints,
  ...paperEndpoints,
];
