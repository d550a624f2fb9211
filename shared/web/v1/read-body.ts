import type { Context } from 'hono';
import type * as z from 'zod';
import { explainLater, findFaultOf } from '../../matching/query/query-schema.ts';
import type { Fault } from '../../subscribers/change-subscriber.ts';
import { ProblemError, toInvalidInput } from './problem.ts';

/** How deep objects and lists may be nested. A sign-up has three levels. */
const MAX_DEPTH = 6;

/**
 * Returns the JSON body of a request, checked by a schema. Fields that the schema does not name are refused or left out.
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
  throw toInvalidInput(await Promise.all(parsed.error.issues.map(toFault)));
}

async function toFault(issue: z.core.$ZodIssue): Promise<Fault> {
  const fault = findFaultOf(issue);
  const { message } = fault ? await explainLater(fault) : issue;
  return { path: issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part)), message };
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

/** Returns how deep brackets and braces are nested, without those in strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}
