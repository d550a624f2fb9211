import { type Context, Hono } from 'hono';
import { allowCaching } from './caching.ts';

/** A page that changes with a new version only. Caches may keep it. */
export function createStaticPage(path: string, render: () => Parameters<Context['html']>[0]): Hono {
  const app = new Hono();
  app.get(path, (c) => {
    allowCaching(c, 'static');
    return c.html(render());
  });
  return app;
}
