import type { Context } from 'hono';
import * as z from '../../domain/zod.ts';
import { explainLater, findFaultOf } from '../../matching/query/query-schema.ts';
import { type InputFault, ProblemError, toInvalidInput } from './problem.ts';

/** How deep objects and lists may be nested. A sign-up has three levels. */
const MAX_DEPTH = 6;

/**
 * Returns the JSON body of a request, checked by a schema. Fields that the schema does not name are refused or left out.
 *
 * @throws ProblemError that says what is wrong, and where
 */
export async function readBody<Body>(context: Context, schema: z.ZodMiniType<Body>): Promise<Body> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new ProblemError('unsupported-media-type', { detail: 'expected Content-Type: application/json' });
  }
  const parsed = schema.safeParse(parseJson(await context.req.text()));
  if (parsed.success) return parsed.data;
  throw toInvalidInput(await Promise.all(parsed.error.issues.map(toFault)));
}

/**
 * Returns the parameters after the `?`, checked by a schema. A parameter that takes many values can be repeated.
 *
 * @throws ProblemError that says what is wrong, and where
 */
export async function readParameters<Query>(
  context: Context,
  schema: z.ZodMiniObject & z.ZodMiniType<Query>,
): Promise<Query> {
  const sent = Object.entries(context.req.queries());
  const faults = sent.flatMap(([name, values]): InputFault[] => {
    const parameter = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    if (!parameter) {
      const known = Object.keys(schema.shape).join(', ');
      return [{ path: [name], message: `there is no such parameter; expected one of these: ${known}` }];
    }
    return values.length > 1 && !takesMany(parameter) ? [{ path: [name], message: 'expected it once' }] : [];
  });
  if (faults.length > 0) throw toInvalidInput(faults);
  const parsed = schema.safeParse(
    Object.fromEntries(
      sent.map(([name, values]) => [name, takesMany(schema.shape[name]) ? values : values[0]]),
    ),
  );
  if (parsed.success) return parsed.data;
  throw toInvalidInput(await Promise.all(parsed.error.issues.map(toFault)));
}

function takesMany(schema: unknown): boolean {
  const inner =
    schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniDefault ? schema.def.innerType : schema;
  return inner instanceof z.ZodMiniArray;
}

async function toFault(issue: z.core.$ZodIssue): Promise<InputFault> {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part));
  const fault = findFaultOf(issue);
  if (!fault) return { path, message: toMessage(issue) };
  const { message, position, hint } = await explainLater(fault);
  return { path, message, position, hint };
}

/** Returns the message of a fault. Where the schema has no message of its own, zod says `Invalid option: expected one of "a"|"b"`. */
function toMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value' && /^Invalid (?:option|input): /.test(issue.message)) {
    const values = issue.values.map(String).join(', ');
    return issue.values.length > 1 ? `expected one of ${values}` : `expected ${values}`;
  }
  if (issue.code === 'unrecognized_keys')
    return `there is no field ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
  if (issue.code === 'too_small' && issue.origin === 'array')
    return `expected at least ${toItems(issue.minimum)}`;
  if (issue.code === 'too_big' && issue.origin === 'array')
    return `expected at most ${toItems(issue.maximum)}`;
  return issue.message.replace(/^Invalid input: /, '');
}

function toItems(count: number | bigint): string {
  return `${count} ${Number(count) === 1 ? 'item' : 'items'}`;
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
