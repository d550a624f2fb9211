import {
  type CohortIndex,
  cohortIndexes,
  type TableName,
  tableNames,
} from '../../../shared/adapters/dynamodb/table-schema.ts';
import type { AttributeMap } from './attribute-value.ts';
import { getBatch } from './batch-get.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { query, scan } from './pages.ts';
import { type Answer, InvalidRequestError, toRefusal, UnsupportedRequestError } from './refusals.ts';
import { type Operation, parseRequest } from './requests.ts';
import { deleteItem, getItem, putItem, updateItem } from './single-items.ts';
import type { Units } from './units.ts';

/** The three tables of DynamoDB in memory. Every read sees every write, also through an index. */
export interface MemoryDynamoDb {
  /**
   * Answers a request of the DynamoDB protocol. `target` is its header, `DynamoDB_20120810.GetItem`, and `body` its JSON.
   *
   * It does not check reserved words and the limits of expressions, and no item expires.
   *
   * @throws UnsupportedRequestError for a request that it cannot answer
   */
  answer(target: string, body: string): Answer;
  /** All items of a table as DynamoDB's JSON, by `pk` and `sk`. */
  items(table: TableName): readonly AttributeMap[];
  /** The units that the requests to a table used so far. Those of its indexes are included. */
  units(table: TableName): Readonly<Units>;
}

export interface MemoryDynamoDbOptions {
  /**
   * About how many bytes of items a page of a query or scan may have.
   *
   * @default 1 MB, as on AWS
   */
  readonly maxPageBytes?: number;
}

const PREFIX = 'DynamoDB_20120810.';

/** The member that asks for the units of an answer, as the SDK writes it. */
const ASKS_FOR_UNITS = '"ReturnConsumedCapacity":"TOTAL"';
const DEFAULT_MAX_PAGE_BYTES = 1024 * 1024;

/** Returns the three tables, empty, under the names that the adapters use. */
export function createMemoryDynamoDb(
  tables: Readonly<Record<TableName, string>>,
  { maxPageBytes = DEFAULT_MAX_PAGE_BYTES }: MemoryDynamoDbOptions = {},
): MemoryDynamoDb {
  const byRole = new Map(tableNames.map((role) => [role, createMemoryTable(indexesOf(role))] as const));
  const byName = new Map(tableNames.map((role) => [tables[role], tableIn(byRole, role)] as const));
  const limits = { maxPageBytes };

  /** Returns an operation on one table. */
  const on =
    <Request extends { readonly TableName: string }>(run: (table: MemoryTable, request: Request) => Answer) =>
    (operation: Operation, body: string) => {
      const request = parseRequest<Request>(operation, body);
      return run(tableIn(byName, request.TableName), request);
    };

  const operations: Readonly<Record<Operation, (operation: Operation, body: string) => Answer>> = {
    GetItem: on(getItem),
    PutItem: on(putItem),
    DeleteItem: on(deleteItem),
    UpdateItem: on(updateItem),
    Query: on((table, request: Parameters<typeof query>[1]) => toAnswer(query(table, request, limits))),
    Scan: on((table, request: Parameters<typeof scan>[1]) => toAnswer(scan(table, request, limits))),
    BatchGetItem: (operation, body) =>
      toAnswer(getBatch((name) => tableIn(byName, name), parseRequest(operation, body))),
  };

  /** All units so far, of all tables. */
  const unitsOf = () =>
    tableNames.reduce((sum, role) => {
      const { reads, writes } = tableIn(byRole, role).units;
      return sum + reads + writes;
    }, 0);

  return {
    answer(target, body) {
      const operation = target.slice(PREFIX.length);
      if (!target.startsWith(PREFIX) || !isKnown(operation, operations)) {
        throw new UnsupportedRequestError(`the operation ${target} is not understood`);
      }
      try {
        const before = unitsOf();
        const answer = operations[operation](operation, body);
        return body.includes(ASKS_FOR_UNITS) ? withUnits(answer, unitsOf() - before) : answer;
      } catch (error) {
        if (error instanceof InvalidRequestError) return toRefusal(error);
        throw error;
      }
    },

    units: (role) => ({ ...tableIn(byRole, role).units }),

    items(role) {
      const { partitions } = tableIn(byRole, role).main;
      return partitions
        .keys()
        .flatMap((key) => partitions.entriesOf(key).map(({ attributes }) => attributes));
    },
  };
}

function isKnown(operation: string, known: Readonly<Record<Operation, unknown>>): operation is Operation {
  return Object.hasOwn(known, operation);
}

function indexesOf(role: TableName): readonly CohortIndex[] {
  return role === 'subscribers' ? Object.values(cohortIndexes) : [];
}

function tableIn<Name extends string>(tables: ReadonlyMap<Name, MemoryTable>, name: Name): MemoryTable {
  const table = tables.get(name);
  if (!table) throw new UnsupportedRequestError(`there is no table ${name}`);
  return table;
}

/** Adds the units of a request to its answer. No request of ours reads two tables. */
function withUnits({ statusCode, body }: Answer, CapacityUnits: number): Answer {
  const units = JSON.stringify({ ConsumedCapacity: { CapacityUnits } });
  return { statusCode, body: body === '{}' ? units : `${units.slice(0, -1)},${body.slice(1)}` };
}

function toAnswer(result: object): Answer {
  return { statusCode: 200, body: JSON.stringify(result) };
}
