import type { HttpAnswer, HttpClient, Validators } from '../../shared/ports/http.ts';

/** An HTTP client that gets its answers from a function, and keeps its requests. If the answer is an error, it throws it. */
export interface ScriptedHttpClient extends HttpClient {
  readonly asked: readonly URL[];
}

/** @param answer returns the answer to a request, or the error to throw. A text is the body of a 200 */
export function scriptHttpClient(
  answer: (url: URL, known?: Validators) => HttpAnswer | Error | string,
): ScriptedHttpClient {
  const asked: URL[] = [];
  return {
    asked,
    async fetchText(url, _signal, known) {
      asked.push(url);
      const found = answer(url, known);
      if (found instanceof Error) throw found;
      return typeof found === 'string' ? { status: 200, body: found } : found;
    },
  };
}
