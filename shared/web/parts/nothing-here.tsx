import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { Publication } from '../../mail/publication.ts';
import { SubscribeBanner } from '../sign-up/subscribe-banner.tsx';
import { showPage } from './notices.tsx';

/** Answers an address that leads to no page, such as that of an unknown paper. The page has the banner, as public pages do. */
export function showNothingHere(
  c: Context,
  site: { readonly publication: Publication },
  heading: string,
  content: Child,
  status: 400 | 404 = 404,
) {
  const page = (
    <>
      {content}
      <SubscribeBanner site={site} />
    </>
  );
  return showPage(c, site, heading, page, status);
}
