import type { Context } from 'hono';
import type { Subscriber } from '../../domain/subscriber.ts';
import { showPage } from '../parts/notices.tsx';
import type { WebAppPorts } from '../ports.ts';
import { ManageContent, type ManagePageProps } from './page.tsx';

/** Said where the profile is another one than the page showed; what was typed stands below. */
export const CHANGED_MEANWHILE =
  'Your subscription was changed meanwhile, in another window or by another link. Below is how it stands now';

type Shown = Pick<ManagePageProps, 'notice' | 'open' | 'leaving' | 'preview'>;

/** Answers with the page of a subscriber as it stands, with what was typed and what is to be said of it. */
export function showManagePage(
  c: Context,
  ports: WebAppPorts,
  subscriber: Subscriber,
  shown: Shown,
  status: 200 | 403 | 409 | 422 | 429 = 200,
) {
  const { lists, clock, publication } = ports;
  const contact = publication.replyTo ?? publication.fromAddress;
  return showPage(
    c,
    ports,
    'Your subscription',
    <ManageContent {...{ subscriber, lists, contact, ...shown }} now={clock.now()} />,
    status,
  );
}
