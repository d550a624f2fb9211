import type { Settings } from '../../../infra/settings/schema.ts';
import type { Subscriber } from '../../../shared/domain/subscriber.ts';
import type { Instant } from '../../../shared/domain/time.ts';

/** What rows are read with. */
export interface ImportContext {
  readonly fileName: string;
  /** What those in the file agreed to elsewhere, if the operator says so. */
  readonly consentText?: string | undefined;
  readonly defaults: Settings['defaults'];
  /** Turns addresses into ids. */
  readonly idKey: string;
  readonly now: Instant;
}

/** A row as it was understood: whom it makes, or what is wrong with it. */
export type Reading =
  | {
      readonly subscriber: Subscriber;
      /** Whether the file leaves open if they want mail: a mail asks them, and nothing is kept before they answer. */
      readonly isAsked: boolean;
      /** What the operator should know of it. */
      readonly note?: string | undefined;
      readonly fault?: undefined;
    }
  | { readonly fault: string };
