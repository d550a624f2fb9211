import type { LambdaContext } from 'hono/aws-lambda';
import * as z from 'zod';
import type { createApiHandler } from '../../functions/api/handler.ts';

const resultSchema = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});

/** A request of a browser or a mail program. */
export interface ApiCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Calls the Lambda function of the pages with an event of API Gateway's HTTP API. */
export async function callApi(
  handler: ReturnType<typeof createApiHandler>,
  url: URL,
  { method = 'GET', headers = {}, body }: ApiCall = {},
) {
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: { host: url.host, 'user-agent': 'test', ...headers },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      authentication: null,
      authorizer: {},
      domainName: url.host,
      domainPrefix: 'daily',
      requestId: 'r1',
      routeKey: '$default',
      stage: '$default',
      time: '05/Jan/2026:08:00:00 +0000',
      timeEpoch: 1_767_600_000_000,
      http: { method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    },
    isBase64Encoded: false,
    body: body ?? null,
  };
  const context = {} as LambdaContext;
  const result = resultSchema.parse(await handler(event, context));
  const { statusCode: status, headers: answered, body: sent, isBase64Encoded } = result;
  const text = isBase64Encoded ? Buffer.from(sent, 'base64').toString() : sent;
  return { status, headers: answered, body: text };
}
