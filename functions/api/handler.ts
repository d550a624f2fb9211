import type { Context } from 'hono';
import { getConnInfo, handle } from 'hono/aws-lambda';
import { createWebApp } from '../../shared/web/app.tsx';
import type { WebAppPorts } from '../../shared/web/ports.ts';

/** The handler of the HTTP API: every request goes to the pages, bodies in base64 decoded. */
export function createApiHandler(ports: WebAppPorts): ReturnType<typeof handle> {
  return handle(createWebApp(ports));
}

/** The address that API Gateway saw at the other end of the connection. */
export function toPeerAddress(context: Context): string | undefined {
  return getConnInfo(context).remote.address;
}
