import { type Context, Hono } from 'hono';
import type { Child } from 'hono/jsx';
import type { Keyring } from '../keys.ts';
import type { Publication } from '../mail/publication.ts';
import type { SubscriberRepository } from '../ports.ts';
import { SUBSCRIBER_PATHS } from './links.ts';
import { MessagePage } from './message-page.tsx';
import { pageHeaders } from './page-headers.ts';
import { SubscriberSettings } from './subscriber-settings.tsx';
import { type TokenPurpose, verifyToken } from './tokens.ts';
import { unsubscribe } from './unsubscribe.ts';

export interface SubscriberRoutesOptions {
  readonly subscribers: SubscriberRepository;
  readonly publication: Pick<Publication, 'name'>;
  /** The keys that signed the links. */
  readonly keyring: Keyring;
}

/**
 * The pages behind the links of a digest. `GET` changes nothing, because scanners follow links; the `POST` of the
 * unsubscribe page is the one-click request of mail programs as well: it needs no cookie, takes any body, is never
 * redirected, and may be repeated.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8058
 */
export function createSubscriberRoutes({ subscribers, publication, keyring }: SubscriberRoutesOptions): Hono {
  const page = (c: Context, heading: string, content: Child, status: 200 | 404 = 200) =>
    c.html(
      <MessagePage publication={publication.name} heading={heading}>
        {content}
      </MessagePage>,
      status,
    );
  const invalid = (c: Context) =>
    page(
      c,
      'This link is not valid',
      <p>It may have been cut short. Please use the link of your newest mail.</p>,
      404,
    );
  const verified = async (c: Context, purpose: TokenPurpose) => {
    const { linkKeys } = await keyring.load();
    return verifyToken(purpose, c.req.param('token') ?? '', linkKeys, new Date().toISOString());
  };

  const app = new Hono();
  app.use(pageHeaders());

  app.get(`${SUBSCRIBER_PATHS.unsubscribe}/:token`, async (c) => {
    if (!(await verified(c, 'unsubscribe'))) return invalid(c);
    return page(
      c,
      'Unsubscribe',
      <form method="post">
        <p>You will get no more digests, at once.</p>
        <button type="submit">Unsubscribe</button>
      </form>,
    );
  });
  app.post(`${SUBSCRIBER_PATHS.unsubscribe}/:token`, async (c) => {
    const subscriberId = await verified(c, 'unsubscribe');
    if (!subscriberId) return invalid(c);
    await unsubscribe(subscribers, subscriberId);
    return page(c, 'You are unsubscribed', <p>No more digests will be sent to you.</p>);
  });

  app.get(`${SUBSCRIBER_PATHS.manage}/:token`, async (c) => {
    const subscriberId = await verified(c, 'manage');
    const subscriber = subscriberId && (await subscribers.load(subscriberId));
    if (!subscriber) return invalid(c);
    return page(c, 'Your subscriptions', <SubscriberSettings subscriber={subscriber} />);
  });
  app.post(`${SUBSCRIBER_PATHS.manage}/:token`, async (c) => {
    const subscriberId = await verified(c, 'manage');
    if (!subscriberId) return invalid(c);
    await unsubscribe(subscribers, subscriberId);
    return page(c, 'You are unsubscribed', <p>No more digests will be sent to you.</p>);
  });
  return app;
}
