import { type Context, Hono } from 'hono';
import { getConnInfo, handle, type LambdaEvent } from 'hono/aws-lambda';
import { EDGE_HEADER, type Edge, isFromEdge } from '../../web/parts/client-address.ts';

/** Matches methods that a web `Request` refuses, and names that are not a word. No route has such a method. */
const FORBIDDEN = /^(?:CONNECT|TRACE|TRACK)$|[^A-Z]|^$/i;

/**
 * Returns the handler of an app for events of API Gateway. Answers 403 if only requests through CloudFront are allowed, and the
 * request came another way.
 */
export function createWebHandler(app: Hono, edge: Edge): ReturnType<typeof handle> {
  const answer = handle(app);
  const refuse = handle(createRefusal());
  return (event, context) => {
    const isRefused = edge.isOnlyWay && !isFromEdge(edge, edgeHeaderOf(event));
    return (isRefused ? refuse : answer)(toWebEvent(event), context);
  };
}

function createRefusal(): Hono {
  return new Hono().all('*', (c) =>
    c.text('Open these pages at their public address.', 403, { 'cache-control': 'no-store' }),
  );
}

/** Returns the IP address at the other end of the connection, as API Gateway saw it. */
export function toPeerAddress(context: Context): string | undefined {
  return getConnInfo(context).remote.address;
}

function edgeHeaderOf(event: LambdaEvent): string | undefined {
  return 'rawPath' in event ? event.headers[EDGE_HEADER] : undefined;
}

/**
 * Returns an event that can become a web `Request`, so that every event gets an answer. Removes the body of a `GET` or `HEAD`. Removes
 * cookies, which nothing reads: another site of the same domain may set one that no header can hold. Replaces a forbidden method by
 * `OPTIONS`, which is answered like any wrong method.
 */
function toWebEvent<Event extends LambdaEvent>(event: Event): Event {
  if (!('rawPath' in event) || !('http' in event.requestContext)) return event;
  const { http } = event.requestContext;
  const method = FORBIDDEN.test(http.method) ? 'OPTIONS' : http.method.toUpperCase();
  return {
    ...event,
    cookies: [],
    body: method === 'GET' || method === 'HEAD' ? '' : event.body,
    requestContext: { ...event.requestContext, http: { ...http, method } },
  };
}
