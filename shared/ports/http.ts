/** What a server calls the state of an answer. A later request that names it gets 304 if nothing changed. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** A complete answer with any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Undefined if the server named none. */
  readonly validators?: Validators | undefined;
}

export interface HttpClient {
  /**
   * Reads a text. Retries after 429, 5xx and broken connections.
   * @param known the validators of an earlier answer. If nothing changed since, the answer is an empty 304
   * @throws HttpError if no complete answer arrived
   */
  fetchText(url: URL, signal?: AbortSignal, known?: Validators): Promise<HttpAnswer>;
}

/** The facts of a request without a complete answer. */
export interface HttpFailure {
  readonly url: URL;
  /** The status of the answer, if one began to arrive. */
  readonly status?: number | undefined;
  /** What arrived of a 200 before it broke off. */
  readonly received?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A request got no complete answer, or a 429 or 5xx after all attempts. The message is like
 * `GET https://huggingface.co/api: HTTP 503, after 4 attempts`. The message and `url` have no query, user name or password.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  /** What went wrong, without the URL: `HTTP 503, after 4 attempts`. */
  readonly what: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly #received: string | undefined;

  constructor(what: string, { url, status, received, cause }: HttpFailure) {
    const plainUrl = `${url.protocol}//${url.host}${url.pathname}`;
    super(`GET ${plainUrl}: ${what}`, cause === undefined ? undefined : { cause });
    this.what = what;
    this.url = plainUrl;
    this.status = status;
    this.#received = received;
  }

  /**
   * The part of a 200 that arrived before the connection broke or a limit was reached. It is a getter, so that loggers do not print
   * a body.
   */
  get received(): string | undefined {
    return this.#received;
  }
}
