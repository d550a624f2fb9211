import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createDataRoutes } from './manage/data.tsx';
import { createManageLinkRoutes } from './manage/mail-requests.tsx';
import { createManageRoutes } from './manage/routes.tsx';
import { createUnsubscribeRoutes } from './manage/unsubscribe.tsx';
import { createPaperRoutes } from './papers/paper-routes.tsx';
import { pageHeaders } from './parts/headers.ts';
import { showPage, showWrongMethod } from './parts/notices.tsx';
import { findAllowedMethods, reportError, toRoutedPath } from './parts/request.ts';
import { createSiteFiles } from './parts/site-files.tsx';
import type { WebAppPorts } from './ports.ts';
import { createConfirmRoutes } from './sign-up/confirm.tsx';
import { createSignUpRoutes, type HomeExtra } from './sign-up/home.tsx';
import { MAX_BODY_BYTES } from './v1/read-body.ts';
import { createApiRoutes } from './v1/routes.tsx';

export interface WebAppOptions {
  /** Extra content of the front page when the app runs on one machine. */
  readonly homeExtra?: () => Promise<HomeExtra>;
}

/**
 * Returns the web app: all pages and the HTTP API. It uses only web requests and responses, so it is the same on Lambda and on one
 * machine. An error page shows an id that the logs explain.
 */
export function createWebApp(ports: WebAppPorts, { homeExtra }: WebAppOptions = {}): Hono {
  const app = new Hono({ getPath: toRoutedPath });
  app.use(pageHeaders(ports.publication));
  app.route('/', createApiRoutes(ports));
  // Before the limit: a one-click request unsubscribes whatever its size.
  app.route('/', createUnsubscribeRoutes(ports));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) =>
        showPage(c, ports, 'The form is too large', <p>Go back and shorten what you typed.</p>, 413),
    }),
  );
  app.route('/', createSiteFiles(ports.publication));
  app.route('/', createPaperRoutes(ports));
  app.route('/', createSignUpRoutes(ports, homeExtra));
  app.route('/', createManageLinkRoutes(ports));
  app.route('/', createConfirmRoutes(ports));
  app.route('/', createManageRoutes(ports));
  app.route('/', createDataRoutes(ports));
  // Few requests ask for this page, so a start does not load it.
  app.get('/privacy', async (c) => {
    const { PrivacyPage } = await import('./sign-up/privacy.tsx');
    return c.html(
      <PrivacyPage publication={ports.publication} leftRetentionDays={ports.leftRetentionDays} />,
    );
  });
  app.all('*', (c) => {
    const allowed = findAllowedMethods(app, c.req.path);
    if (allowed.length > 0) return showWrongMethod(c, ports, allowed);
    return showPage(
      c,
      ports,
      'Page not found',
      <p>
        Check the address, or go to <a href="/">the front page</a>.
      </p>,
      404,
    );
  });
  app.onError((error, c) =>
    showPage(
      c,
      ports,
      'Something went wrong',
      <p>
        Try again in a few minutes. If it happens again, write to{' '}
        {ports.publication.replyTo ?? ports.publication.fromAddress} and quote this code:{' '}
        {reportError(ports.telemetry, c, error)}
      </p>,
      500,
    ),
  );
  return app;
}
