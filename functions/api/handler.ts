import type { Context } from 'hono';
import { getConnInfo, handle } from 'hono/aws-lambda';
import { createWebApp } from '../../shared/web/app.tsx';
import type { WebAppPorts } from '../../shared/web/ports.ts';

/** The handler of the HTTP API: every request goes to the pages, bodies in base64 decoded. */
export function createApiHandler(ports: WebAppPorts): ReturnType<typeof handle> {
  return handle(createWebApp(ports));
}

/** The address that API Gateway saw; what a header claims of it is not believed. */
export function toClientAddress(context: Context): string | undefined {
  return getConnInfo(context).remote.address;
}
