/** An answer that arrived whole, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface HttpClient {
  /**
   * Reads a text. Answers with 429 or 5xx and broken connections are tried again first.
   * @throws HttpError when no answer arrived whole
   */
  fetchText(url: URL, signal?: AbortSignal): Promise<HttpAnswer>;
}

/** What is known of a request that brought no whole answer. */
export interface HttpFailure {
  readonly url: URL;
  /** The status of the answer, where one began to arrive. */
  readonly status?: number | undefined;
  /** What arrived of a 200 before it broke off. */
  readonly received?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A request that brought no whole answer, or only ones that are worth a later try: `GET https://huggingface.co/api: HTTP
 * 503, after 4 attempts`. The query and the user's name and password are left out of the message and of `url`.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  /** What went wrong, without the address: `HTTP 503, after 4 attempts`. */
  readonly what: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly #received: string | undefined;

  constructor(what: string, { url, status, received, cause }: HttpFailure) {
    const address = `${url.protocol}//${url.host}${url.pathname}`;
    super(`GET ${address}: ${what}`, cause === undefined ? undefined : { cause });
    this.what = what;
    this.url = address;
    this.status = status;
    this.#received = received;
  }

  /**
   * What arrived of a 200 before the connection broke or a limit was reached, for a reader who can use a part. A
   * getter of the class, so that no logger takes a body for one of the error's fields.
   */
  get received(): string | undefined {
    return this.#received;
  }
}
