import * as z from 'zod';
import type { MemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { createResponse, type FakeResponse } from '../../fakes/request-handler.ts';
import type { Wire } from './network.ts';

/** Sends a DynamoDB request over the wire. A `BatchGetItem` may be answered in part. */
export function callDynamoDb(
  wire: Wire,
  dynamodb: Pick<MemoryDynamoDb, 'answer'>,
  target: string,
  body: string,
): Promise<FakeResponse> {
  const operation = target.split('.').at(-1) ?? '';
  const respond = (text: string) => {
    const { statusCode, body: answer } = dynamodb.answer(target, text);
    return createJson(statusCode, answer);
  };
  return wire.call(
    { service: 'dynamodb', what: `${operation} ${toSubject(body)}` },
    {
      perform: () => respond(body),
      throttle: () =>
        createResponse(400, {
          __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
          message: 'The level of configured provisioned throughput for the table was exceeded.',
        }),
      ...(operation === 'BatchGetItem' &&
        keysIn(body).length > 1 && { performPartly: () => getHalf(respond, body) }),
    },
  );
}

/**
 * Describes a request by its item and the outcome that it writes, `SUB#reader-001 daily#2026-01-05 claimed`. A query is
 * described by its partition and its start.
 */
function toSubject(body: string): string {
  const [, pk, sk] = /"pk":\{"S":"([^"]*)"\},"sk":\{"S":"([^"]*)"\}/.exec(body) ?? [];
  const [, state] = /outcome":\{"M":\{"state":\{"S":"(\w+)"/.exec(body) ?? [];
  if (pk !== undefined) return state === undefined ? `${pk} ${sk}` : `${pk} ${sk} ${state}`;
  const [, partition = '', from = ''] =
    /":(?:pk|cohort)":\{"S":"([^"]*)"\}(?:,":\w+":\{"S":"([^"]*)"\})?/.exec(body) ?? [];
  return `${partition} ${from}`;
}

const batchGetSchema = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(z.unknown()) })),
});

function keysIn(body: string): readonly unknown[] {
  return Object.values(batchGetSchema.parse(JSON.parse(body)).RequestItems).flatMap(({ Keys }) => Keys);
}

/** Returns half of the items. The other keys are unprocessed, as from a throttled table. */
function getHalf(respond: (body: string) => FakeResponse, body: string): FakeResponse {
  const { RequestItems } = batchGetSchema.parse(JSON.parse(body));
  const [[table, { Keys }] = ['', { Keys: [] }]] = Object.entries(RequestItems);
  const half = Math.ceil(Keys.length / 2);
  const answered = respond(JSON.stringify({ RequestItems: { [table]: { Keys: Keys.slice(0, half) } } }));
  const found = z.object({ Responses: z.unknown() }).parse(JSON.parse(textOf(answered)));
  const left = Keys.slice(half);
  return createResponse(200, {
    ...found,
    UnprocessedKeys: left.length > 0 ? { [table]: { Keys: left } } : {},
  });
}

function createJson(statusCode: number, body: string): FakeResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: new TextEncoder().encode(body),
  };
}

function textOf({ body }: FakeResponse): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}
