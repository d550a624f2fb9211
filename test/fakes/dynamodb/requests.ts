import type { AttributeMap } from './attribute-value.ts';
import type { Placeholders } from './placeholders.ts';
import { UnsupportedRequestError } from './refusals.ts';

export interface GetRequest {
  readonly TableName: string;
  readonly Key: AttributeMap;
  readonly ConsistentRead?: boolean;
}

export interface WriteRequest extends Placeholders {
  readonly TableName: string;
  readonly ConditionExpression?: string;
  readonly ReturnValues?: string;
}

export interface PutRequest extends WriteRequest {
  readonly Item: AttributeMap;
}

export interface DeleteRequest extends WriteRequest {
  readonly Key: AttributeMap;
}

export interface UpdateRequest extends WriteRequest {
  readonly Key: AttributeMap;
  readonly UpdateExpression?: string;
}

export interface ScanRequest extends Placeholders {
  readonly TableName: string;
  readonly FilterExpression?: string;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: AttributeMap;
  readonly ConsistentRead?: boolean;
  /** Only for a scan. */
  readonly Segment?: number;
  readonly TotalSegments?: number;
}

export interface QueryRequest extends ScanRequest {
  readonly KeyConditionExpression: string;
  readonly IndexName?: string;
  readonly ScanIndexForward?: boolean;
  /** Whole attributes, such as `pk, sk`. */
  readonly ProjectionExpression?: string;
}

export interface BatchGetRequest {
  readonly RequestItems: Readonly<Record<string, KeysRequest>>;
}

interface KeysRequest {
  readonly Keys: readonly AttributeMap[];
  readonly ConsistentRead?: boolean;
}

const placeholders = ['ExpressionAttributeNames', 'ExpressionAttributeValues'];
const any = ['TableName', 'ReturnConsumedCapacity'];
const write = [...any, 'ConditionExpression', 'ReturnValues', ...placeholders];
const scan = [...any, 'FilterExpression', 'Limit', 'ExclusiveStartKey', 'ConsistentRead', ...placeholders];

/** The known members of each request. */
const members = {
  GetItem: new Set([...any, 'Key', 'ConsistentRead']),
  PutItem: new Set(['Item', ...write]),
  DeleteItem: new Set(['Key', ...write]),
  UpdateItem: new Set(['Key', 'UpdateExpression', ...write]),
  Scan: new Set(['Segment', 'TotalSegments', ...scan]),
  Query: new Set([
    ...['KeyConditionExpression', 'IndexName', 'ScanIndexForward', 'ProjectionExpression'],
    ...scan,
  ]),
  BatchGetItem: new Set(['RequestItems', 'ReturnConsumedCapacity']),
};

const keysMembers: ReadonlySet<string> = new Set(['Keys', 'ConsistentRead']);

export type Operation = keyof typeof members;

/**
 * Returns a request. Its members have the types that the SDK sends.
 *
 * @throws UnsupportedRequestError for an unknown member
 */
export function parseRequest<Request>(operation: Operation, body: string): Request {
  const request = JSON.parse(body);
  checkMembers(operation, request, members[operation]);
  if (operation === 'BatchGetItem') {
    for (const keys of Object.values<object>(request.RequestItems))
      checkMembers(operation, keys, keysMembers);
  }
  return request;
}

function checkMembers(operation: Operation, request: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(request)) {
    if (!known.has(name)) throw new UnsupportedRequestError(`${operation} with ${name} is not understood`);
  }
}
