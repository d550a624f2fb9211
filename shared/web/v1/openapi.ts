import { DATA_LINK_MINUTES } from '../../domain/subscribers/sign-up.ts';
import * as z from '../../domain/zod.ts';
import { type Endpoint, findExample, isPublic, problemsOf } from './endpoint.ts';
import { paperGroups } from './paper-groups.ts';
import { onePaperSchema, paperViewSchema } from './paper-schemas.ts';
import { describeProblem, problemKinds, problemSchema } from './problem.ts';
import * as schemas from './schemas.ts';
import { subscriberGroups } from './subscriber-groups.ts';

/** Every operation of the HTTP API. */
export const endpointGroups = [...paperGroups, ...subscriberGroups];

/** The shapes that several operations use. */
const NAMED = new Map<z.core.$ZodType, string>([
  [paperViewSchema, 'Paper'],
  [onePaperSchema, 'OnePaper'],
  [schemas.profileSchema, 'Profile'],
  [schemas.subscriptionViewSchema, 'Subscription'],
  [schemas.subscriptionFieldsSchema, 'SubscriptionFields'],
  [schemas.acceptedSchema, 'Accepted'],
  [problemSchema, 'Problem'],
]);

const ETAG_EXAMPLE = '"7"';

const ETAG = {
  description: 'The version of the profile. Send it back as `If-Match`.',
  schema: { type: 'string' },
  example: ETAG_EXAMPLE,
};
const ETAG_OF_CONTENT = {
  description: 'Changes with the content. Send it as `If-None-Match` to get 304 while nothing changed.',
  schema: { type: 'string' },
  example: 'W/"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"',
};
const CACHE_CONTROL = {
  description: 'How long caches may keep the answer.',
  schema: { type: 'string' },
  example: 'public, max-age=60',
};
const NOT_MODIFIED = { description: 'The client has this answer already.' };
const RETRY_AFTER = {
  'Retry-After': {
    description: 'The number of seconds to wait.',
    schema: { type: 'integer', minimum: 1 },
    example: 3600,
  },
};
const ALLOW = {
  Allow: {
    description: 'The methods that the path accepts.',
    schema: { type: 'string' },
    example: 'GET, POST',
  },
};
const WWW_AUTHENTICATE = {
  'WWW-Authenticate': {
    description: 'The authentication scheme.',
    schema: { type: 'string' },
    example: 'Bearer',
  },
};

/**
 * The OpenAPI document of the HTTP API, built from the schemas that check its requests.
 *
 * @see https://spec.openapis.org/oas/v3.1.1
 */
export function createOpenApi() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { name, endpoints } of endpointGroups) {
    for (const endpoint of endpoints) {
      paths[endpoint.path] = {
        ...paths[endpoint.path],
        [endpoint.method.toLowerCase()]: toOperation(endpoint, name),
      };
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Broadsheet',
      version: '1',
      description:
        'Read papers, sign up for digests of new ones, choose which papers they contain, and unsubscribe. Reading papers needs no token. Requests about a subscriber need the token of a manage link as a bearer token. Requests that export, erase or renew links need the token of a data link. A wrong method gets 405 with `Allow`.',
    },
    // Relative to the URL of this document.
    servers: [{ url: '/' }],
    tags: endpointGroups.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      responses: toProblemResponses(),
      schemas: Object.fromEntries([...NAMED].map(([schema, name]) => [name, toJsonSchema(schema, 'input')])),
      securitySchemes: {
        manageToken: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The token at the end of the manage link in a digest, or in an email from /v1/manage-links.',
        },
        dataToken: {
          type: 'http',
          scheme: 'bearer',
          description: `The token at the end of the link in an email from /v1/subscriber/data-links. It works for ${DATA_LINK_MINUTES} minutes.`,
        },
      },
    },
  };
}

function toOperation(endpoint: Endpoint, tag: string) {
  const { operationId, summary, description, needsToken, needsVersion, body, isBodyOptional, answer } =
    endpoint;
  const { params = {}, query } = endpoint;
  const headers = {
    ...(answer.hasVersion && { ETag: ETAG }),
    ...(isPublic(endpoint) && { ETag: ETAG_OF_CONTENT, 'Cache-Control': CACHE_CONTROL }),
  };
  const parameters = [
    ...Object.entries(params).map(([name, schema]) => ({
      name,
      in: 'path',
      required: true,
      schema: toJsonSchema(schema, 'input'),
    })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      // The type after parsing, such as a number.
      schema: toJsonSchema(schema, 'output'),
    })),
    ...(needsVersion
      ? [
          {
            name: 'If-Match',
            in: 'header',
            required: true,
            schema: { type: 'string', pattern: '^(?:\\*|(?:W/)?"\\d{1,15}")$' },
            description: 'The ETag of the profile, or `*` for any version.',
            example: ETAG_EXAMPLE,
          },
        ]
      : []),
  ];
  return {
    tags: [tag],
    operationId,
    summary,
    description,
    ...(needsToken && { security: [{ [`${endpoint.tokenOf ?? 'manage'}Token`]: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !isBodyOptional,
        content: { 'application/json': toMediaType(body, 'input') },
      },
    }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(answer.schema && { content: { 'application/json': toMediaType(answer.schema, 'output') } }),
      },
      ...(isPublic(endpoint) && { 304: NOT_MODIFIED }),
      ...Object.fromEntries(
        problemsOf(endpoint).map((kind) => {
          const { status } = describeProblem(kind);
          return [status, { $ref: `#/components/responses/${status}` }];
        }),
      ),
    },
  };
}

/** Returns the schema of a body, with an example if there is one. */
function toMediaType(schema: z.core.$ZodType, io: 'input' | 'output') {
  const example = findExample(schema);
  return { schema: refer(schema, io), ...(example !== undefined && { example }) };
}

/** Returns one response for each status. Several kinds of problems can share one. */
function toProblemResponses() {
  const content = { 'application/problem+json': { schema: refer(problemSchema, 'output') } };
  const headersOf: Readonly<Record<number, object>> = { 401: WWW_AUTHENTICATE, 405: ALLOW, 429: RETRY_AFTER };
  const statuses = new Set(problemKinds.map((kind) => describeProblem(kind).status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const problems = problemKinds.map(describeProblem).filter((problem) => problem.status === status);
      const headers = headersOf[status];
      const description = problems.map(({ title }) => title).join('; or: ');
      return [`${status}`, { description, ...(headers && { headers }), content }];
    }),
  );
}

function refer(schema: z.core.$ZodType, io: 'input' | 'output'): object {
  const name = NAMED.get(schema);
  if (name) return { $ref: `#/components/schemas/${name}` };
  if (schema instanceof z.ZodMiniArray) {
    return { ...toJsonSchema(schema, io), items: refer(schema.def.element, io) };
  }
  return toJsonSchema(schema, io);
}

function toJsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): object {
  const { $schema, ...jsonSchema } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: described }) => {
      // The format is enough: its pattern takes lines.
      if (described.format) delete described.pattern;
      const nested: z.core.$ZodType = zodSchema;
      const name = nested === schema ? undefined : NAMED.get(nested);
      if (!name) return;
      for (const key of Object.keys(described)) delete described[key];
      described.$ref = `#/components/schemas/${name}`;
    },
  });
  return jsonSchema;
}
