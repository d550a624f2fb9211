import type { SignUp } from '../../domain/subscriber.ts';
import type { SubscriptionFields } from '../../domain/subscription.ts';
import type { WebAppPorts } from '../ports.ts';

/** Papers in a digest for somebody who says nothing of it. */
export const MAX_PAPERS = 10;

/** What somebody says who signs up. */
interface GivenSignUp {
  readonly timeZone: string;
  readonly hour?: number | undefined;
  readonly subscription?: SubscriptionFields | undefined;
  /** What was agreed to. */
  readonly text: string;
}

/** A sign-up as it is kept until it is confirmed, with what the publication has for whatever was not said. */
export function toSignUp(
  { clock, lists, defaults }: Pick<WebAppPorts, 'clock' | 'lists' | 'defaults'>,
  { timeZone, hour = defaults.hour, subscription, text }: GivenSignUp,
  clientAddress: string | undefined,
): SignUp {
  const fields = subscription ?? {
    lists: [...lists],
    query: '',
    cadence: defaults.cadence,
    maxPapers: MAX_PAPERS,
  };
  return {
    at: clock.now(),
    from: clientAddress ?? 'unknown',
    text,
    timeZone,
    hour,
    subscriptions: [{ id: 's1', ...fields }],
  };
}
