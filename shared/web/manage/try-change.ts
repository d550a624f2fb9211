import type { Subscriber } from '../../domain/subscriber.ts';
import type { SubscriberRepository } from '../../ports/subscribers.ts';
import { type ChangeResult, changeAtVersion } from '../../subscribers/change-at-version.ts';

/** What became of a change; `unchanged` where there was nothing to change, so that no page claims that there was. */
export type TriedChange = ChangeResult | { readonly kind: 'unchanged'; readonly subscriber: Subscriber };

/** Changes a profile as {@link changeAtVersion} does, and tells whether anything was changed at all. */
export async function tryChange(
  subscribers: SubscriberRepository,
  id: Subscriber['id'],
  version: number | undefined,
  change: (subscriber: Subscriber) => Subscriber | undefined,
): Promise<TriedChange> {
  let isChange = true;
  const result = await changeAtVersion(subscribers, id, version, (subscriber) => {
    const changed = change(subscriber);
    isChange = changed !== undefined;
    return changed;
  });
  return result.kind === 'changed' && !isChange ? { ...result, kind: 'unchanged' } : result;
}
