import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { contactOf } from '../presentation/publication.ts';
import { conditionalAnswers } from './parts/caching.ts';
import { compressAnswers } from './parts/compression.ts';
import { pageHeaders } from './parts/headers.ts';
import { showPage, showWrongMethod } from './parts/notices.tsx';
import { findAllowedMethods, MAX_BODY_BYTES, reportError, toRoutedPath } from './parts/request.ts';
import { shareAnswers } from './parts/shared-answers.ts';
import { createSiteFiles } from './parts/site-files.tsx';
import type { WebAppPorts } from './ports.ts';
import { groupsWithOwnLimit, onDemand, pageGroups, type RouteGroup } from './route-groups.ts';

/**
 * Returns the web app: all pages and the HTTP API. It uses only web requests and responses, so it is the same on Lambda and on one
 * machine. An error page shows an id that the logs explain.
 */
export function createWebApp(ports: WebAppPorts): Hono {
  const app = new Hono({ getPath: toRoutedPath });
  app.use(pageHeaders(ports.publication));
  app.use(compressAnswers());
  app.use(conditionalAnswers());
  // A reader on their own machine waits for the first papers, and is no crowd.
  if (!ports.localNotes) shareAnswers(app, ports);
  // Before the limit: a one-click request unsubscribes whatever its size.
  for (const group of groupsWithOwnLimit) addGroup(app, ports, group);
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) =>
        showPage(c, ports, 'The form is too large', <p>Go back and shorten what you typed.</p>, {
          status: 413,
        }),
    }),
  );
  app.route('/', createSiteFiles(ports.publication));
  for (const group of pageGroups) addGroup(app, ports, group);
  return addErrorPages(app, ports);
}

function addGroup(app: Hono, ports: WebAppPorts, { paths, load }: RouteGroup): void {
  const handler = onDemand(async () => {
    const createRoutes = await load();
    const group = new Hono({ getPath: toRoutedPath }).route('/', createRoutes(ports));
    return addErrorPages(group, ports);
  });
  for (const path of paths) app.all(path, handler);
}

/** Adds the pages for an unknown path, a wrong method and an error. */
function addErrorPages(app: Hono, ports: WebAppPorts): Hono {
  app.all('*', async (c) => {
    const allowed = findAllowedMethods(app, c.req.path);
    if (allowed.length > 0) return showWrongMethod(c, ports, allowed);
    const { showNothingHere } = await import('./parts/nothing-here.tsx');
    return showNothingHere(
      c,
      ports,
      'Page not found',
      <p>
        Check the address, go to <a href="/">the front page</a>, or <a href="/search">search the papers</a>.
      </p>,
    );
  });
  app.onError((error, c) =>
    showPage(
      c,
      ports,
      'Something went wrong',
      <p>
        Try again in a few minutes. If it happens again, write to {contactOf(ports.publication)} and quote
        this code: {reportError(ports.telemetry, c, error)}
      </p>,
      { status: 500 },
    ),
  );
  return app;
}
