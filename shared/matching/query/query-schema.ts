import { findList, type ListId } from '../../domain/lists/lists.ts';
import { upgradeQuery } from '../../domain/subscribers/upgrade-query.ts';
import * as z from '../../domain/zod.ts';
import type { QueryFault } from './explain-fault.ts';
import { MAX_QUERY_LENGTH, signOf, tryParseQuery } from './parse-query.ts';
import { conditionsOf, QueryError } from './query.ts';
import { isColon } from './query-characters.ts';
import { isField } from './query-fields.ts';

/**
 * The text of an entered query: at most 500 characters, valid for {@link parseQuery}, and with known lists only. {@link queryFaultOfIssue}
 * returns the fault of an issue, and `explainFault` explains it.
 */
export const querySchema = z.string().check(
  z.superRefine((text, context) => {
    const fault = findEnteredQueryFault(text);
    if (fault) context.addIssue({ code: 'custom', message: fault.message, params: { fault } });
  }),
);

/** Returns why {@link querySchema} refused a query. Undefined for an issue of another schema. */
export function queryFaultOfIssue(issue: z.core.$ZodIssue | undefined): QueryError | undefined {
  const fault: unknown = issue?.code === 'custom' && issue.params?.fault;
  return fault instanceof QueryError ? fault : undefined;
}

/**
 * Explains a fault. It imports the explanations lazily, because most queries are valid.
 *
 * @param lists the lists that the deployment reads
 */
export async function explainFaultLazily(fault: QueryError, lists?: readonly ListId[]): Promise<QueryFault> {
  const { explainFault } = await import('./explain-fault.ts');
  return explainFault(fault, lists);
}

/** A query of the first language may become longer than an entered query when it is upgraded. */
const MAX_LINKED_LENGTH = 2 * MAX_QUERY_LENGTH;

/** Returns the query of a link, or the fault of a query of neither language. Links in old mails have queries of the first language. */
export function upgradeLinkedQuery(text: string): string | QueryError {
  if (text.length > MAX_LINKED_LENGTH) return new QueryError('too-long', MAX_LINKED_LENGTH);
  const fault = findQueryFault(text);
  if (!fault) return text;
  const upgraded = upgradeQuery(text);
  return findQueryFault(upgraded) ? fault : upgraded;
}

/** Returns the fault of a query of any length. Undefined for a valid one. */
export function findQueryFault(text: string): QueryError | undefined {
  const parsed = tryParseQuery(text);
  return parsed instanceof QueryError ? parsed : undefined;
}

/** Returns the fault of an entered query: see {@link querySchema}. Undefined for a valid one. */
export function findEnteredQueryFault(text: string): QueryError | undefined {
  if (text.length > MAX_QUERY_LENGTH) return new QueryError('too-long', MAX_QUERY_LENGTH);
  const parsed = tryParseQuery(text);
  if (parsed instanceof QueryError) {
    // In `author :"Kaiming He"`, the fault is after the colon.
    const { position } = parsed;
    return findSpaceBeforeColon(text, position) ?? findSpaceBeforeColon(text, position - 1) ?? parsed;
  }
  for (const condition of conditionsOf(parsed)) {
    const fault = condition.kind === 'text' && findSpaceBeforeColon(text, condition.range.start);
    if (fault) return fault;
    if (condition.kind === 'list' && !findList(condition.value)) {
      const unknown = new QueryError('unknown-list', condition.range.start, condition.value);
      unknown.sign = signOf(text, condition.range);
      return unknown;
    }
  }
  return undefined;
}

const FIELD_BEFORE = /(?<![^\s(（-])([a-z]+)(\s+)$/i;
const VALUE = /^\s*((?:"[^"]*"|\([^)]*\)|[^\s"()]+)\*?)?/;

/**
 * Returns the fault of a space between a field and its colon: `upvotes :>=10`. Stored queries are not checked for it. There, such a value
 * is a word. The colon must have a valid value, so the title `Beyond upvotes : a study` has no fault.
 */
function findSpaceBeforeColon(text: string, at: number): QueryError | undefined {
  if (!isColon(text.charCodeAt(at))) return undefined;
  const [, field = '', space = ''] = FIELD_BEFORE.exec(text.slice(0, at)) ?? [];
  if (!isField(field.toLowerCase())) return undefined;
  const value = VALUE.exec(text.slice(at + 1))?.[1] ?? '';
  if (value && findQueryFault(`${field}:${value}`)) return undefined;
  const position = at - space.length;
  const fault = new QueryError('space-before-colon', position, field.toLowerCase(), value);
  fault.sign = signOf(text, { start: position - field.length });
  return fault;
}
