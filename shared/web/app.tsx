import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { MessagePage } from './message-page.tsx';
import { pageHeaders } from './page-headers.ts';
import type { WebAppPorts } from './ports.ts';
import { createSubscriberRoutes } from './subscriber-routes.tsx';

/** All pages of a deployment, on web requests and answers alone. An error is told as an id, which the logs explain. */
export function createWebApp(options: WebAppPorts): Hono {
  const { name } = options.publication;
  const app = new Hono({ strict: false });
  app.use(pageHeaders());

  app.get('/', (c) =>
    c.html(
      <MessagePage publication={name} heading={name}>
        <p>The papers that match your interests, by mail, at your own local hour.</p>
        <p>Each digest has links with which you see your subscriptions, and stop them.</p>
      </MessagePage>,
    ),
  );
  app.route('/', createSubscriberRoutes(options));
  app.notFound((c) =>
    c.html(
      <MessagePage publication={name} heading="There is no such page">
        <p>The address may have been cut short.</p>
      </MessagePage>,
      404,
    ),
  );
  app.onError((error, c) => {
    const errorId = randomUUID();
    options.telemetry.error('A request failed', { errorId, method: c.req.method, error });
    return c.html(
      <MessagePage publication={name} heading="Something went wrong here">
        <p>
          Please try again in a few minutes. If it stays like this, tell the sender this number: {errorId}
        </p>
      </MessagePage>,
      500,
    );
  });
  return app;
}
