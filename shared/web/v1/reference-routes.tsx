import { Hono } from 'hono';
import type { Publication } from '../../mail/publication.ts';
import { allowCaching } from '../parts/caching.ts';
import { OPENAPI_PATH } from './openapi-path.ts';
import {
  REFERENCE_PATH,
  ReferencePage,
  SUBSCRIBER_REFERENCE_PATH,
  SubscriberReferencePage,
} from './reference-page.tsx';

/** The two pages of the reference. Problem documents link to the first one. */
export function createReferenceRoutes({ publication }: { readonly publication: Publication }): Hono {
  const app = new Hono({ strict: false });
  app.get(REFERENCE_PATH, (c) => {
    allowCaching(c, 'static');
    return c.html(<ReferencePage publication={publication} openApiPath={OPENAPI_PATH} />);
  });
  app.get(SUBSCRIBER_REFERENCE_PATH, (c) => {
    allowCaching(c, 'static');
    return c.html(<SubscriberReferencePage publication={publication} openApiPath={OPENAPI_PATH} />);
  });
  return app;
}
