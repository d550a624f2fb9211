import * as z from 'zod';
import { findList } from '../domain/lists.ts';
import { upgradeQuery } from '../domain/upgrade-query.ts';
import { MAX_QUERY_LENGTH, parseQuery } from './parse-query.ts';
import { conditionsOf, QueryError, type QueryFault } from './query.ts';
import { fail } from './query-hints.ts';

const tooLong: QueryFault = {
  position: MAX_QUERY_LENGTH,
  problem: 'the query is too long',
  expected: `at most ${MAX_QUERY_LENGTH} characters`,
  hint: 'Shorten it, or use two subscriptions',
};

/** The text of a query that somebody enters: at most 500 characters, valid for {@link parseQuery}, and of known lists only. */
export const querySchema = z
  .string()
  .max(MAX_QUERY_LENGTH, { abort: true, error: new QueryError(tooLong).message })
  .superRefine((text, context) => {
    const fault = findFault(() => checkEntered(text));
    if (fault) context.addIssue({ code: 'custom', message: fault.message, params: { fault } });
  });

/** Returns what is wrong with a query that {@link querySchema} refused. */
export function toQueryFault({ issues: [issue] }: z.ZodError): QueryFault {
  const { fault } = (issue?.code === 'custom' && issue.params) || {};
  return fault ?? tooLong;
}

/**
 * Returns the query of a link. Links in old mails have queries of the first language.
 *
 * @throws QueryError if it is a query of neither language
 */
export function readLinkedQuery(text: string): string {
  const fault = findFault(() => parseQuery(text));
  if (!fault) return text;
  const upgraded = upgradeQuery(text);
  if (findFault(() => parseQuery(upgraded))) throw fault;
  return upgraded;
}

function checkEntered(text: string): void {
  for (const condition of conditionsOf(parseQuery(text))) {
    if (condition.kind !== 'list' || findList(condition.value)) continue;
    const hint = 'Write the id of a list that is read here, as in list:hf-daily';
    fail(condition.place.start, `there is no list "${condition.value}"`, 'the id of a list', hint);
  }
}

function findFault(check: () => unknown): QueryError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}
