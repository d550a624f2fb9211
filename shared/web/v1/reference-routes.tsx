import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Publication } from '../../mail/publication.ts';
import { allowCaching } from '../parts/caching.ts';
import openApi from './openapi.json' with { type: 'json' };
import {
  REFERENCE_PATH,
  ReferencePage,
  SUBSCRIBER_REFERENCE_PATH,
  SubscriberReferencePage,
} from './reference-page.tsx';

/** The path of the OpenAPI document. */
const OPENAPI_PATH = '/v1/openapi.json';

/** The OpenAPI document, and the two pages of the reference. Problem documents link to the first one. */
export function createReferenceRoutes({ publication }: { readonly publication: Publication }): Hono {
  const app = new Hono({ strict: false });
  app.use(OPENAPI_PATH, cors({ origin: '*', allowMethods: ['GET'], exposeHeaders: ['ETag'] }));
  app.get(OPENAPI_PATH, (c) => {
    allowCaching(c, 'static');
    return c.json(openApi);
  });
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
