import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Deployment } from './deployment.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Only the path and query are used. */
  readonly url: URL;
  /** Sent as a form. */
  readonly form?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
}

export interface ApiAnswer {
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/**
 * Sends a request to the deployed HTTP API. The cloud distinguishes its APIs only by host name. So the request goes to the cloud's
 * address with the API's host name, and no resolver is needed.
 */
export async function fetchFromApi(
  deployment: Pick<Deployment, 'cloud' | 'ApiUrl'>,
  call: ApiRequest,
): Promise<ApiAnswer> {
  const cloudUrl = new URL(deployment.cloud.url);
  const [apiId] = new URL(deployment.ApiUrl).hostname.split('.');
  const outgoing = request({
    host: cloudUrl.hostname,
    port: cloudUrl.port,
    method: call.method,
    path: call.url.pathname + call.url.search,
    headers: {
      host: `${apiId}.execute-api.localhost:${cloudUrl.port}`,
      ...(call.form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(call.json !== undefined && { 'content-type': 'application/json' }),
    },
  });
  outgoing.end(call.json === undefined ? call.form : JSON.stringify(call.json));
  const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
  if (!incoming) throw new Error('the API did not answer');
  const body = await text(incoming);
  return { status: incoming.statusCode, contentType: incoming.headers['content-type'], body };
}
