import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import * as z from '../../domain/zod.ts';
import type { Caching } from '../parts/caching.ts';
import type { WebAppPorts } from '../ports.ts';
import type { ProblemKind } from './problem.ts';

/** The path of the OpenAPI document. */
export const OPENAPI_PATH = '/v1/openapi.json';

/** A parsed request to an endpoint. */
export interface EndpointRequest<Body, Query = unknown> {
  /** Parsed by the endpoint's schema. */
  readonly body: Body;
  /** The parameters of the path: `{ id: 's1' }`. */
  readonly params: Readonly<Record<string, string>>;
  /** The parameters after the `?`, parsed by the endpoint's schema. */
  readonly query: Query;
  /** The owner of the token. Empty if the endpoint needs none. */
  readonly subscriberId: Subscriber['id'];
  /** The profile of the owner. Undefined after an erasure, or if the endpoint needs no token. */
  readonly subscriber: Subscriber | undefined;
  /** The versions in `If-Match`. Undefined if the endpoint needs none, or the request allows any with `*`. */
  readonly versions: readonly number[] | undefined;
  /** The IP address of the client. Undefined if it is unknown. */
  readonly clientAddress: string | undefined;
}

/** The answer of an endpoint. */
export interface EndpointAnswer {
  readonly status: 200 | 201 | 202 | 204;
  /** Becomes JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long caches keep a public answer. @default 'current' */
  readonly caching?: Caching;
}

/** The description of an answer in the reference. */
interface DescribedAnswer {
  readonly status: EndpointAnswer['status'];
  readonly description: string;
  readonly schema?: z.ZodMiniType;
  /** Whether the answer has the version of the profile as `ETag`. @default false */
  readonly hasVersion?: boolean;
}

/** One operation of the HTTP API: its route, its schemas and its handler. */
export interface Endpoint<Body = unknown, Query = unknown> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With parameters in braces, as OpenAPI writes them: `/v1/subscriber/subscriptions/{id}`. */
  readonly path: string;
  /** Unique among all: `listSubscriptions`. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Whether it needs the token of a manage link as a bearer token. */
  readonly needsToken: boolean;
  /** The kind of link whose token it needs. @default 'manage' */
  readonly tokenOf?: 'manage' | 'data';
  /** Whether it needs the version of the profile in `If-Match`. */
  readonly needsVersion?: boolean;
  /** The schema of the body. Without it, no body is read. */
  readonly body?: z.ZodMiniType<Body>;
  /** Whether a request without a body means `{}`. @default false */
  readonly isBodyOptional?: boolean;
  /**
   * The field of the body that names lists: `['subscription', 'lists']`. It takes both ids of a category. A list that is not read here is refused.
   * @default none
   */
  readonly listsField?: readonly string[];
  /** Whether `handle` decides which lists are refused. @default false */
  readonly checksLists?: boolean;
  /** Whether it takes lists that are not read here any more, if the subscriber follows them. @default false */
  readonly takesFollowedLists?: boolean;
  /** The description of each parameter in the path, with an example. */
  readonly params?: Readonly<Record<string, z.ZodMiniType<string>>>;
  /** The schema of the parameters after the `?`. An unknown one is refused. @default none */
  readonly query?: z.ZodMiniObject & z.ZodMiniType<Query>;
  /** The parameters of the example request: `?list=hf-daily`. @default none */
  readonly exampleQuery?: string;
  readonly answer: DescribedAnswer;
  /** The problems that it can answer with, besides those of every endpoint. */
  readonly problems?: readonly ProblemKind[];
  /** @throws ProblemError */
  readonly handle: (ports: WebAppPorts, request: EndpointRequest<Body, Query>) => Promise<EndpointAnswer>;
}

/** A group of operations. The reference and the tags of the OpenAPI document show it. */
export interface EndpointGroup {
  readonly name: string;
  readonly description: string;
  readonly endpoints: readonly Endpoint[];
}

/** The endpoint, its body and its parameters typed by their schemas. */
export function defineEndpoint<Body = undefined, Query = undefined>(
  endpoint: Endpoint<Body, Query>,
): Endpoint {
  // Both reach the handler only through the endpoint's own schemas.
  return endpoint as unknown as Endpoint;
}

/**
 * Returns whether the answer is the same for everyone. Then caches may keep it, it has an `ETag` made of its content, and pages of any
 * site may read it.
 */
export function isPublic({ method, needsToken }: Pick<Endpoint, 'method' | 'needsToken'>): boolean {
  return method === 'GET' && !needsToken;
}

/** Returns the path of the example request: `/v1/papers/2601.00001`. */
export function toExamplePath({ path, params = {}, exampleQuery = '' }: Endpoint): string {
  const filled = Object.entries(params).reduce((text, [name, schema]) => {
    const [example] = z.array(z.string()).parse(z.globalRegistry.get(schema)?.examples);
    return text.replace(`{${name}}`, example ?? '');
  }, path);
  return `${filled}${exampleQuery}`;
}

/** Returns the problems that an endpoint can answer with. */
export function problemsOf({
  needsToken,
  tokenOf,
  needsVersion,
  body,
  params,
  problems = [],
}: Endpoint): readonly ProblemKind[] {
  const own: (ProblemKind | false)[] = [
    body !== undefined && 'malformed-body',
    body !== undefined && 'body-too-large',
    body !== undefined && 'unsupported-media-type',
    needsToken && 'invalid-token',
    needsToken && 'erased',
    tokenOf === 'data' && 'data-link-needed',
    needsVersion === true && 'version-missing',
    needsVersion === true && 'version-conflict',
    params !== undefined && 'not-found',
    ...problems,
    'invalid-input',
    'internal-error',
  ];
  return [...new Set(own.filter((kind) => kind !== false))];
}

/** Returns the example of a body: the first of its schema, or for a list, one of its items. */
export function findExample(schema: z.core.$ZodType): unknown {
  const named = z.globalRegistry.get(schema)?.examples;
  if (Array.isArray(named)) return named[0];
  if (!(schema instanceof z.ZodMiniArray)) return undefined;
  return [findExample(schema.def.element)];
}
