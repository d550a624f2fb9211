import type { Context } from 'hono';
import type * as z from 'zod';
import { ProblemError, toInvalidInput } from './problem.ts';

/** More than twenty subscriptions with the longest queries need. */
export const MAX_BODY_BYTES = 16_384;

/** Objects and lists within each other; a sign-up has three. */
const MAX_DEPTH = 6;

/**
 * The JSON body of a request, checked by a schema. Nothing of it is taken that the schema does not name.
 *
 * @throws ProblemError that says what is wrong, and where
 */
export async function readBody<Body>(context: Context, schema: z.ZodType<Body>): Promise<Body> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new ProblemError('unsupported-media-type', { detail: 'expected Content-Type: application/json' });
  }
  const parsed = schema.safeParse(parseJson(await context.req.text()));
  if (parsed.success) return parsed.data;
  throw toInvalidInput(
    parsed.error.issues.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'symbol' ? part.toString() : part)),
      message,
    })),
  );
}

function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) {
    throw new ProblemError('malformed-body', { detail: `expected at most ${MAX_DEPTH} levels` });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError('malformed-body', { detail: 'expected JSON' });
  }
}

/** How deep brackets and braces stand within each other, those in strings left out. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}
