import { isNativeError } from 'node:util/types';

/** A request of an SDK client, as sent. */
export interface SentRequest {
  /** The operation, if the protocol names it in a header: `DynamoDB_20120810.PutItem`. */
  readonly target: string | undefined;
  readonly body: string;
}

/** An HTTP response, as a request handler of the SDK gives it. */
export interface FakeResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Answers the n-th request, counted from 0. An error that it throws counts as an error of the network. `forward` lets the
 * request through to where the client points.
 */
export type AnswerRequest = (
  request: SentRequest,
  n: number,
  forward: () => Promise<FakeResponse>,
) => FakeResponse | Promise<FakeResponse>;

interface HttpClientOfSdk {
  readonly config: {
    requestHandler: {
      handle(request: unknown, options?: unknown): Promise<{ response: FakeResponse }>;
    };
  };
}

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * Replaces the network under a real SDK client. The client keeps its protocol, its retries and its errors.
 * Returns the requests of the client. The list grows with each request.
 */
export function answerRequests(client: HttpClientOfSdk, answer: AnswerRequest): readonly SentRequest[] {
  const sent: SentRequest[] = [];
  replaceNetwork(client, (seen, forward) => answer(seen, sent.push(seen) - 1, forward));
  return sent;
}

/** Replaces the network like {@link answerRequests}, and keeps no request. */
export function replaceNetwork(
  client: HttpClientOfSdk,
  answer: (
    request: SentRequest,
    forward: () => Promise<FakeResponse>,
  ) => FakeResponse | Promise<FakeResponse>,
): void {
  const network = client.config.requestHandler;
  client.config.requestHandler = {
    async handle(request: SdkRequest, options?: unknown) {
      const { headers, body = '' } = request;
      const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
      const forward = async () => {
        try {
          return (await network.handle(request, options)).response;
        } catch (error) {
          throw toOwnError(error);
        }
      };
      return { response: await answer({ target: headers['x-amz-target'], body: text }, forward) };
    },
  };
}

/** Returns a response with a text as its body, or with the JSON of an object. */
export function createResponse(statusCode: number, body: string | object): FakeResponse {
  const isText = typeof body === 'string';
  return {
    statusCode,
    headers: { 'content-type': isText ? 'text/xml' : 'application/x-amz-json-1.0' },
    body: new TextEncoder().encode(isText ? body : JSON.stringify(body)),
  };
}

/** Jest runs a test in a realm of its own, where an error that Node's network code makes is not an instance of `Error`. */
function toOwnError(error: unknown): unknown {
  if (error instanceof Error || !isNativeError(error)) return error;
  const { message, name } = error as Error;
  return Object.assign(new Error(message), { name }, error);
}
