import type { FC } from 'hono/jsx';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import { Page } from '../../shared/web/page.tsx';

export interface AddedPageProps {
  readonly publication: Publication;
  readonly subscriber: Subscriber;
  readonly outcome: Delivery['outcome'] | undefined;
}

/** Says that a subscriber was added whose first digest was not sent, and why. */
export const AddedPage: FC<AddedPageProps> = ({ publication, subscriber, outcome }) => (
  <Page title={`Added · ${publication.name}`} masthead={publication.name}>
    <h1>{subscriber.address} was added</h1>
    <p>{toReason(outcome)}</p>
    <p>
      <a href="/">Back to the front page</a>
    </p>
  </Page>
);

function toReason(outcome: Delivery['outcome'] | undefined): string {
  switch (outcome?.state) {
    case 'skipped':
      return outcome.reason === 'nothing-new'
        ? 'No mail was sent: no paper of the last days matches that this address was not sent before.'
        : `No mail was sent: ${outcome.reason}.`;
    case 'failed':
    case 'uncertain':
      return `The mail may not have gone out: ${outcome.reason}.`;
    case 'sent':
      return 'A digest was sent.';
    case 'claimed':
    case undefined:
      return 'Its first digest is still on its way and will be in the inbox soon.';
    default:
      return outcome satisfies never;
  }
}
