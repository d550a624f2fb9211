import type { HttpAnswer, HttpClient } from '../../shared/ports/http.ts';

/** An HTTP client that answers by a function, and keeps what it was asked. An answer that is an error is thrown. */
export interface ScriptedHttpClient extends HttpClient {
  readonly asked: readonly URL[];
}

/** @param answer the answer to a request, or the error to throw; a text is the body of a 200 */
export function scriptHttpClient(answer: (url: URL) => HttpAnswer | Error | string): ScriptedHttpClient {
  const asked: URL[] = [];
  return {
    asked,
    async fetchText(url) {
      asked.push(url);
      const found = answer(url);
      if (found instanceof Error) throw found;
      return typeof found === 'string' ? { status: 200, body: found } : found;
    },
  };
}
