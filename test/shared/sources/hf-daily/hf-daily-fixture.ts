import type { HttpAnswer } from '../../../../shared/ports/http.ts';
import { HttpError } from '../../../../shared/ports/http.ts';
import { createHfDailySource } from '../../../../shared/sources/hf-daily/hf-daily.ts';
import type { SourceAnswer, SourceRequest } from '../../../../shared/sources/source.ts';
import { type ScriptedHttpClient, scriptHttpClient } from '../../../factories/scripted-http-client.ts';

/** The time of every reading, on a Tuesday. */
const NOW = '2026-01-06T08:00:00.000Z';

/** The first read of the list. */
export const REQUEST = { lists: ['hf-daily'], histories: {}, cursor: undefined, now: NOW } as const;

/** Returns every answer of the source. By default it is read without a cursor. */
export async function fetchAll(
  http: ScriptedHttpClient,
  request: Partial<SourceRequest> = {},
): Promise<readonly SourceAnswer[]> {
  const answers: SourceAnswer[] = [];
  for await (const answer of createHfDailySource().fetch({ ...REQUEST, ...request, http })) {
    answers.push(answer);
  }
  return answers;
}

/** Answers by day. A missing day has an empty list. */
export function scriptDays(days: Readonly<Record<string, HttpAnswer | Error | string>>): ScriptedHttpClient {
  return scriptHttpClient((url) => days[url.searchParams.get('date') ?? ''] ?? '[]');
}

/** The days that were asked for, in order. */
export const askedDays = (http: ScriptedHttpClient) => http.asked.map((url) => url.searchParams.get('date'));

/** The papers of all answers, in order. */
export const idsOf = (answers: readonly SourceAnswer[]) =>
  answers.flatMap(({ items }) => items.map(({ facts }) => facts.id));

/** The error of a request that ended with this status. */
export const failed = (status: number) =>
  new HttpError(`HTTP ${status}, after 4 attempts`, { url: new URL('https://huggingface.co/api'), status });
