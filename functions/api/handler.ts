import type { Context } from 'hono';
import { getConnInfo, handle, type LambdaEvent } from 'hono/aws-lambda';
import { createWebApp } from '../../shared/web/app.tsx';
import type { WebAppPorts } from '../../shared/web/ports.ts';

/** Methods that a web request may not have. No route takes one of them, nor one that is no word. */
const FORBIDDEN = /^(?:CONNECT|TRACE|TRACK)$|[^A-Z]|^$/i;

/** The handler of the HTTP API: every request goes to the pages, bodies in base64 decoded. */
export function createApiHandler(ports: WebAppPorts): ReturnType<typeof handle> {
  const answer = handle(createWebApp(ports));
  return (event, context) => answer(toWebEvent(event), context);
}

/** The address that API Gateway saw at the other end of the connection. */
export function toPeerAddress(context: Context): string | undefined {
  return getConnInfo(context).remote.address;
}

/**
 * An event from which a web request can be made, so that the pages answer whatever was sent. The body of a `GET` or `HEAD` means
 * nothing and is left out. A method that a web request may not have becomes `OPTIONS`, which is answered as any wrong method.
 */
function toWebEvent<Event extends LambdaEvent>(event: Event): Event {
  if (!('rawPath' in event) || !('http' in event.requestContext)) return event;
  const { http } = event.requestContext;
  const method = FORBIDDEN.test(http.method) ? 'OPTIONS' : http.method.toUpperCase();
  return {
    ...event,
    body: method === 'GET' || method === 'HEAD' ? '' : event.body,
    requestContext: { ...event.requestContext, http: { ...http, method } },
  };
}
