import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import * as z from '../../domain/zod.ts';
import { allowCaching } from '../parts/caching.ts';
import { findAllowedMethods, MAX_BODY_BYTES, reportError } from '../parts/request.ts';
import type { WebAppPorts } from '../ports.ts';
import { type OpenLink, openLink } from '../verify-link.ts';
import { type Endpoint, type EndpointGroup, isPublic, OPENAPI_PATH } from './endpoint.ts';
import { ProblemError } from './problem.ts';
import { readBody, readParameters } from './read-input.ts';

/** For a path that takes no parameters. A request with one is refused. */
const NO_PARAMETERS = z.strictObject({});

/** The wait after too many requests. Budgets are per hour. */
const RETRY_AFTER_SEC = 3600;

/**
 * Returns the routes of the given groups of the HTTP API: JSON in, JSON out, and problem documents for errors. The token of a manage link or a
 * data link, sent as a bearer token, identifies the subscriber. The API reads no cookies, so no other site can act for a reader.
 */
export function createApiRoutes(ports: WebAppPorts, groups: readonly EndpointGroup[]): Hono {
  const endpoints = groups.flatMap((group) => group.endpoints);
  const app = new Hono();
  app.use('/v1/*', async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  app.use('/v1/*', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseLargeBody }));
  const allowOtherSites = cors({ origin: '*', allowMethods: ['GET'], exposeHeaders: ['ETag'] });
  for (const endpoint of endpoints.filter(isPublic)) {
    app.use(toRoute(endpoint), (c, next) =>
      // Without this header, OPTIONS asks nothing about other sites.
      c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') === undefined
        ? next()
        : allowOtherSites(c, next),
    );
  }
  app.get(OPENAPI_PATH, async (c) => {
    // Few requests ask for it.
    const { default: openApi } = await import('./openapi.json', { with: { type: 'json' } });
    allowCaching(c, 'static');
    c.header('access-control-allow-origin', '*');
    return c.json(openApi);
  });
  for (const endpoint of endpoints) {
    app.on(endpoint.method, toRoute(endpoint), async (c) => {
      try {
        return await answer(ports, endpoint, c);
      } catch (error) {
        // Caches keep it, as they keep the page of an unknown paper.
        const isNotFound = error instanceof ProblemError && error.problem.status === 404;
        if (isNotFound && isPublic(endpoint)) allowCaching(c, 'current');
        throw error;
      }
    });
  }
  app.all('/v1/*', (c) => toProblemResponse(ports, c, findFault(app, c)));
  app.onError((error, c) => toProblemResponse(ports, c, error));
  return app;
}

/** The ids of old papers have a slash: `hep-ex/0307015`. Some clients do not encode it, and some gateways decode it. */
const PARAMETER = '(?:[a-z.A-Z-]+/\\d+|[^/]+)';

/** Returns the route of an endpoint: `/v1/papers/:id{…}`. */
function toRoute({ path }: Pick<Endpoint, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, `:$1{${PARAMETER}}`);
}

async function answer(ports: WebAppPorts, endpoint: Endpoint, c: Context): Promise<Response> {
  const params = readParams(endpoint, c);
  const query = await readParameters(c, endpoint.query ?? NO_PARAMETERS, ports.lists);
  const link = endpoint.needsToken ? await readToken(ports, endpoint, c) : undefined;
  const versions = endpoint.needsVersion ? readVersions(c) : undefined;
  const followed = (link?.subscriber?.subscriptions ?? []).flatMap(({ lists }) => lists);
  const body = endpoint.body && (await readBody(c, endpoint, endpoint.body, ports.lists, followed));
  const clientAddress = ports.clientAddress(c);
  const owner = { subscriberId: link?.token.subscriberId ?? '', subscriber: link?.subscriber };
  const request = { ...owner, body, params, query, versions, clientAddress };
  const { status, body: json, headers = {}, caching = 'current' } = await endpoint.handle(ports, request);
  if (isPublic(endpoint)) allowCaching(c, caching);
  return status === 204 ? c.body(null, status, headers) : c.json(json, status, headers);
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
async function readToken(
  ports: WebAppPorts,
  { tokenOf: purpose = 'manage' }: Endpoint,
  c: Context,
): Promise<OpenLink> {
  const [, token = ''] = /^Bearer ([\w.-]+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  const link = await openLink(ports, purpose, token);
  if (link) return link;
  if (purpose === 'data' && (await openLink(ports, 'manage', token))) {
    throw new ProblemError('data-link-needed', {
      detail: 'expected the token of a data link, which POST /v1/subscriber/data-links sends by email',
    });
  }
  throw new ProblemError('invalid-token', {
    detail: `expected "Authorization: Bearer" and the token at the end of a ${purpose} link`,
  });
}

/**
 * The versions in `If-Match`, one of which the profile must have; undefined for `*`. A proxy that compresses answers makes an
 * ETag weak, `W/"7"`. The ETag of a profile is its version, so a weak one names the same version, and counts. A tag that is
 * none of ours matches no profile.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 */
function readVersions(c: Context): readonly number[] | undefined {
  const condition = c.req.header('if-match')?.trim() ?? '';
  if (condition === '') {
    throw new ProblemError('version-missing', {
      detail: 'expected If-Match with the ETag of the profile, such as "7", or * for any version',
    });
  }
  const tags = condition.split(',').map((tag) => tag.trim());
  if (tags.includes('*')) return undefined;
  return tags.flatMap((tag) => {
    const [, version] = /^(?:W\/)?"(\d{1,15})"$/.exec(tag) ?? [];
    return version === undefined ? [] : [Number(version)];
  });
}

function readParams({ params = {} }: Endpoint, c: Context): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, schema]) => {
      const parsed = schema.safeParse(c.req.param(name));
      if (!parsed.success) throw new ProblemError('not-found', { detail: parsed.error.issues[0]?.message });
      return [name, parsed.data];
    }),
  );
}

function refuseLargeBody(): never {
  throw new ProblemError('body-too-large', { detail: `expected at most ${MAX_BODY_BYTES} bytes` });
}

/** Returns the problem of a request that no endpoint accepts. */
function findFault(app: Hono, c: Context): ProblemError {
  const methods = findAllowedMethods(app, c.req.path);
  if (methods.length === 0)
    return new ProblemError('not-found', { detail: 'there is no such path: /docs names all paths' });
  const allowed = methods.join(', ');
  c.header('allow', allowed);
  return new ProblemError('method-not-allowed', { detail: `expected ${allowed}` });
}

function toProblemResponse({ telemetry }: WebAppPorts, c: Context, error: unknown): Response {
  const { problem } =
    error instanceof ProblemError
      ? error
      : new ProblemError('internal-error', { errorId: reportError(telemetry, c, error) });
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (problem.status === 429) headers['retry-after'] = String(RETRY_AFTER_SEC);
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer';
  return c.body(JSON.stringify(problem), problem.status as 400, headers);
}
