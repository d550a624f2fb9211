import { REGION } from './account.ts';
import type { Cloud } from './cloud.ts';

export interface ServiceCall {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/**
 * Calls a service for which the project has no SDK client. The signature is not valid, because ministack reads only the
 * service from it.
 *
 * @returns the answer's JSON
 * @throws Error that quotes an answer other than 2xx, or a function's error
 */
export async function callService(cloud: Cloud, service: string, call: ServiceCall): Promise<unknown> {
  const { method = 'GET', path, headers, body } = call;
  const scope = `test/20260105/${REGION}/${service}/aws4_request`;
  const answer = await fetch(new URL(path, cloud.url), {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok || answer.headers.has('x-amz-function-error')) {
    throw new Error(`${service} ${method} ${path}: ${answer.status} ${text}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}

/** Invokes a function and returns its result. */
export function invokeFunction(cloud: Cloud, name: string, event: unknown): Promise<unknown> {
  const path = `/2015-03-31/functions/${name}/invocations`;
  return callService(cloud, 'lambda', { method: 'POST', path, body: event });
}

/** Calls an operation of CloudWatch Logs: `DescribeLogGroups`. */
export function callLogs(cloud: Cloud, operation: string, body: unknown): Promise<unknown> {
  const headers = {
    'x-amz-target': `Logs_20140328.${operation}`,
    'content-type': 'application/x-amz-json-1.1',
  };
  return callService(cloud, 'logs', { method: 'POST', path: '/', headers, body });
}
