import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { prices } from '../../infra/cost/prices.ts';
import type { Item } from '../../shared/adapters/dynamodb/stored-item.ts';
import type { Table } from '../../shared/adapters/dynamodb/table.ts';
import { commandClientOptions, permitted } from './aws-call.ts';

/** The cost of the reads of a command. */
export interface ReadCost {
  /** Answers of the tables, each a page of a query or scan, or up to 100 items by key. */
  readonly pages: number;
  /** Read units, as DynamoDB charges them. */
  readonly units: number;
  /** At the list price of us-east-1. */
  readonly usd: number;
}

const UNIT_BYTES = 4096;

/** Two eventually consistent reads are one unit. */
const EVENTUAL_READS_PER_UNIT = 2;

/**
 * Counts what a client reads from now on, and returns a function that returns the sum. The tables report it with each answer.
 */
export function meterReads(documents: DynamoDBDocumentClient): () => ReadCost {
  let pages = 0;
  let units = 0;
  documents.middlewareStack.add(
    (call) => async (args) => {
      const answer = await call({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      const consumed = 'ConsumedCapacity' in answer.output ? answer.output.ConsumedCapacity : undefined;
      pages += 1;
      for (const one of [consumed ?? []].flat()) if ('CapacityUnits' in one) units += one.CapacityUnits ?? 0;
      return answer;
    },
    { step: 'initialize', name: 'meterReads' },
  );
  return () => ({ pages, units, usd: toUsd(units) });
}

/** `Read 10,045 pages, 507,354 read units: about $0.06.` */
export function toCostText({ pages, units, usd }: ReadCost): string {
  const count = (value: number, unit: string) => {
    const whole = Math.ceil(value);
    return `${whole.toLocaleString('en')} ${whole === 1 ? unit : `${unit}s`}`;
  };
  return `Read ${count(pages, 'page')}, ${count(units, 'read unit')}: ${toDollars(usd)}.`;
}

/** The size of a table, which DynamoDB updates every six hours, and the cost of one scan. */
export interface TableSize {
  readonly records: number;
  readonly bytes: number;
  readonly scanUsd: number;
}

/** @throws PermissionError without `dynamodb:DescribeTable` */
export async function loadTableSize(name: string): Promise<TableSize> {
  const client = new DynamoDBClient(commandClientOptions());
  const { Table: described } = await permitted('dynamodb:DescribeTable', () =>
    client.send(new DescribeTableCommand({ TableName: name })),
  );
  const { ItemCount: records = 0, TableSizeBytes: bytes = 0 } = described ?? {};
  return { records, bytes, scanUsd: toUsd(bytes / UNIT_BYTES / EVENTUAL_READS_PER_UNIT) };
}

/** `The table deliveries holds 1,234 records, 0.65 MB. To read it all costs about $0.01.` */
export function toSizeText(name: string, { records, bytes, scanUsd }: TableSize): string {
  const size = bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
  return `The table ${name} holds ${records.toLocaleString('en')} records, ${size}. To read all of it costs ${toDollars(scanUsd)}.`;
}

/**
 * Scans a table from the start key on, and yields its pages. Each has the number of records read, including those that the
 * filter leaves out.
 */
export async function* scanPages(
  { documents, name }: Table,
  input: Omit<ScanCommandInput, 'TableName'>,
): AsyncGenerator<{ readonly items: readonly Item[]; readonly scanned: number }> {
  let from: ScanCommandOutput['LastEvaluatedKey'] = input.ExclusiveStartKey;
  do {
    const command = new ScanCommand({ ...input, TableName: name, ExclusiveStartKey: from });
    const page = await permitted('dynamodb:Scan', () => documents.send(command));
    yield { items: page.Items ?? [], scanned: page.ScannedCount ?? 0 };
    from = page.LastEvaluatedKey;
  } while (from);
}

function toUsd(units: number): number {
  return (units / prices.tableReads.per) * prices.tableReads.usd;
}

function toDollars(usd: number): string {
  return usd < 0.01 ? 'less than $0.01' : `about $${usd.toFixed(2)}`;
}
