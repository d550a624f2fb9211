import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { Publication } from '../../presentation/publication.ts';
import { allowCaching } from './caching.ts';
import type { LinkFault } from './link-fault.ts';
import { showPage } from './notices.tsx';
import { SubscribeBanner } from './subscribe-banner.tsx';

/** Answers a URL without a page, such as that of an unknown paper. The page has the banner, as public pages do. */
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
  return showPage(c, site, heading, page, { status });
}

/** Answers an invalid link, or one that leads to no page, with a link that works. */
export function showLinkFault(
  c: Context,
  site: { readonly publication: Publication },
  { status, message, link = { path: '/papers', text: 'Read the newest papers' } }: LinkFault,
) {
  allowCaching(c, 'current');
  return showNothingHere(
    c,
    site,
    status === 404 ? 'Page not found' : 'We cannot read this link',
    <p>
      {message} <a href={link.path}>{link.text}</a>
    </p>,
    status,
  );
}
