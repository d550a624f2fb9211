import { handle } from 'hono/aws-lambda';
import { createWebApp, type WebAppOptions } from '../../shared/web/app.tsx';

/** The handler of the HTTP API: every request goes to the pages, bodies in base64 decoded. */
export function createApiHandler(ports: WebAppOptions): ReturnType<typeof handle> {
  return handle(createWebApp(ports));
}
