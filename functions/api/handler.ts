import type { Context } from 'hono';
import { getConnInfo, handle, type LambdaEvent } from 'hono/aws-lambda';
import { createWebApp } from '../../shared/web/app.tsx';
import type { WebAppPorts } from '../../shared/web/ports.ts';

/** Matches methods that a web `Request` refuses, and names that are not a word. No route has such a method. */
const FORBIDDEN = /^(?:CONNECT|TRACE|TRACK)$|[^A-Z]|^$/i;

/** Returns the handler of the HTTP API. Every request goes to the web app. */
export function createApiHandler(ports: WebAppPorts): ReturnType<typeof handle> {
  const answer = handle(createWebApp(ports));
  return (event, context) => answer(toWebEvent(event), context);
}

/** Returns the IP address at the other end of the connection, as API Gateway saw it. */
export function toPeerAddress(context: Context): string | undefined {
  return getConnInfo(context).remote.address;
}

/**
 * Returns an event that can become a web `Request`, so that every event gets an answer. Removes the body of a `GET` or `HEAD`.
 * Replaces a forbidden method by `OPTIONS`, which is answered like any wrong method.
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
