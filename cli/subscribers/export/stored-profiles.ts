import type { Subscriber } from '../../../shared/domain/subscriber.ts';

/** A profile as it was found in its table. */
export type StoredProfile =
  | { readonly subscriber: Subscriber; readonly fault?: undefined }
  /** One that is not what it should be; what is wrong with it names its key and no address. */
  | { readonly subscriber?: undefined; readonly fault: string };

/** All subscribers of a deployment. */
export interface StoredProfiles {
  /** Every profile, in no certain order. */
  loadAll(): AsyncIterable<StoredProfile>;
}
