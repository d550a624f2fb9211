import { Hono } from 'hono';
import type { Publication } from '../../mail/publication.ts';
import { createStaticPage } from '../parts/static-page.ts';
import {
  REFERENCE_PATH,
  ReferencePage,
  SUBSCRIBER_REFERENCE_PATH,
  SubscriberReferencePage,
} from './reference-page.tsx';

/** The two pages of the reference. Problem documents link to the first one. */
export function createReferenceRoutes({ publication }: { readonly publication: Publication }): Hono {
  return new Hono()
    .route(
      '/',
      createStaticPage(REFERENCE_PATH, () => <ReferencePage publication={publication} />),
    )
    .route(
      '/',
      createStaticPage(SUBSCRIBER_REFERENCE_PATH, () => (
        <SubscriberReferencePage publication={publication} />
      )),
    );
}
