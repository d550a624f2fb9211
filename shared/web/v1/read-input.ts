import type { Context } from 'hono';
import { chooseLists, findListFaults } from '../../domain/lists/list-choice.ts';
import { type ListId, MAX_LIST_ID_LENGTH } from '../../domain/lists/lists.ts';
import { MAX_LISTS } from '../../domain/subscribers/subscriber.ts';
import * as z from '../../domain/zod.ts';
import { explainFaultLazily, queryFaultOfIssue } from '../../matching/query/query-schema.ts';
import { toCountText } from '../../presentation/wording.ts';
import type { Endpoint } from './endpoint.ts';
import { type InputFault, ProblemError, toInvalidInput } from './problem.ts';

/** How deep objects and lists may be nested. A sign-up has three levels. */
const MAX_DEPTH = 6;

/**
 * Returns the JSON body of a request, checked by a schema. A missing body is `{}` if the endpoint takes that. Fields that the schema does
 * not name are refused or left out.
 *
 * @throws ProblemError that says all that is wrong, and where
 */
export async function readBody<Body>(
  context: Context,
  {
    listsField,
    checksLists = false,
    takesFollowedLists = false,
    isBodyOptional = false,
  }: Pick<Endpoint, 'listsField' | 'checksLists' | 'takesFollowedLists' | 'isBodyOptional'>,
  schema: z.ZodMiniType<Body>,
  knownLists: readonly ListId[],
  followedLists: readonly ListId[],
): Promise<Body> {
  const type = context.req.header('content-type') ?? '';
  const text = await context.req.text();
  const isMissing = isBodyOptional && text === '';
  if (!isMissing && !/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new ProblemError('unsupported-media-type', { detail: 'expected Content-Type: application/json' });
  }
  const sent = isMissing ? {} : parseJson(text);
  const json = listsField ? withChosenLists(sent, listsField, knownLists) : sent;
  const parsed = schema.safeParse(json, { reportInput: true });
  const kept = takesFollowedLists ? followedLists : [];
  const listFaults = listsField && !checksLists ? findUnknownLists(sent, listsField, knownLists, kept) : [];
  if (parsed.success && listFaults.length === 0) return parsed.data;
  const faults = await toFaults(parsed.error, schema, knownLists);
  // The fault of an unknown list already explains its id, at the position in the request.
  const isOfId = ({ path }: InputFault) =>
    path.length > (listsField?.length ?? 0) && listsField?.every((name, index) => path[index] === name);
  throw toInvalidInput([
    ...faults.filter((fault) => listFaults.length === 0 || !isOfId(fault)),
    ...listFaults,
  ]);
}

/** Returns a body with the lists that the ids in a field mean. A field that is no list of ids stays as it is. */
function withChosenLists(
  json: unknown,
  [name, ...rest]: readonly string[],
  known: readonly ListId[],
): unknown {
  if (name === undefined) {
    const ids = z.array(z.string()).safeParse(json);
    return ids.success ? chooseLists(ids.data, known) : json;
  }
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, name)) return json;
  const { [name]: inner } = json as Readonly<Record<string, unknown>>;
  return { ...json, [name]: withChosenLists(inner, rest, known) };
}

/**
 * Returns a fault for each list of a body that is not known. A field that is no list of ids is a fault of the schema. So are an id that is
 * too long, and too many lists. To explain all of those, too, would take long.
 */
function findUnknownLists(
  json: unknown,
  field: readonly string[],
  known: readonly ListId[],
  kept: readonly ListId[],
): readonly InputFault[] {
  const value = field.reduce<unknown>((outer, name) => Object(outer)[name], json);
  const { data: ids = [] } = z.array(z.string().check(z.maxLength(MAX_LIST_ID_LENGTH))).safeParse(value);
  return chooseLists(ids, known).length > MAX_LISTS ? [] : findListFaults(ids, known, field, kept);
}

/**
 * Returns the parameters after the `?`, checked by a schema. A parameter that takes many values can be repeated.
 *
 * @throws ProblemError that says all that is wrong, and where
 */
export async function readParameters<Query>(
  context: Context,
  schema: z.ZodMiniObject & z.ZodMiniType<Query>,
  knownLists: readonly ListId[],
): Promise<Query> {
  const sent = Object.entries(context.req.queries());
  const known: [name: string, value: unknown][] = [];
  const faults = sent.flatMap(([name, values]): InputFault[] => {
    if (!Object.hasOwn(schema.shape, name)) {
      const names = Object.keys(schema.shape).join(', ');
      const expected = names === '' ? 'this path has none' : `expected one of these: ${names}`;
      return [{ path: [name], message: `there is no such parameter; ${expected}` }];
    }
    const isRepeatable = takesMany(schema.shape[name]);
    known.push([name, isRepeatable ? values : values[0]]);
    return values.length > 1 && !isRepeatable ? [{ path: [name], message: 'expected it once' }] : [];
  });
  const parsed = schema.safeParse(Object.fromEntries(known), { reportInput: true });
  if (parsed.success && faults.length === 0) return parsed.data;
  throw toInvalidInput([...faults, ...(await toFaults(parsed.error, schema, knownLists))]);
}

function takesMany(schema: unknown): boolean {
  return toInner(schema) instanceof z.ZodMiniArray;
}

/** Returns a schema without what makes it optional. */
function toInner(schema: unknown): unknown {
  return schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniDefault
    ? schema.def.innerType
    : schema;
}

/** Returns the faults of a refused input, each at its field. */
async function toFaults(
  error: z.core.$ZodError | undefined,
  schema: z.ZodMiniType,
  knownLists: readonly ListId[],
): Promise<readonly InputFault[]> {
  const faults = (error?.issues ?? []).map(async (issue): Promise<readonly InputFault[]> => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part));
    if (issue.code === 'unrecognized_keys') {
      const message = `there is no such field; expected one of these: ${findFields(schema, path).join(', ')}`;
      return issue.keys.map((key) => ({ path: [...path, key], message }));
    }
    const fault = queryFaultOfIssue(issue);
    if (!fault) return [{ path, message: toMessage(issue) }];
    const { problem, expected, position, hint } = await explainFaultLazily(fault, knownLists);
    const message = `at character ${position + 1}: ${problem}. Expected ${expected}`;
    return [{ path, message, position, hint }];
  });
  return (await Promise.all(faults)).flat();
}

/** Returns the fields of the object at a path of an input. */
function findFields(schema: unknown, path: readonly (string | number)[]): readonly string[] {
  const object = toInner(schema);
  if (!(object instanceof z.ZodMiniObject)) return [];
  const [name, ...rest] = path;
  return name === undefined ? Object.keys(object.shape) : findFields(object.shape[name], rest);
}

/** The types of JSON as messages name them. */
const TYPES: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

/** Returns the message of a fault. Where the schema has no message of its own, zod says `Invalid option: expected one of "a"|"b"`. */
function toMessage(issue: z.core.$ZodIssue): string {
  const missing = issue.input === undefined ? 'is missing: ' : '';
  if (issue.code === 'invalid_value' && /^Invalid (?:option|input): /.test(issue.message)) {
    const values = issue.values.map(String).join(', ');
    return issue.values.length > 1 ? `${missing}expected one of ${values}` : `${missing}expected ${values}`;
  }
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input: '))
    return `${missing}expected ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small: '))
    return `expected at least ${toAmount(issue.minimum, issue.origin)}`;
  if (issue.code === 'too_big' && issue.message.startsWith('Too big: '))
    return `expected at most ${toAmount(issue.maximum, issue.origin)}`;
  return issue.message.replace(/^Invalid input: /, '');
}

/** `50 items` of a list, `80 characters` of a text. A number is only a number. */
function toAmount(count: number | bigint, origin: string): string {
  const unit = { array: 'item', string: 'character' }[origin];
  return unit === undefined ? String(count) : toCountText(Number(count), unit);
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
