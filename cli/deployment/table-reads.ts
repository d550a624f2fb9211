import {
  type DynamoDBDocumentClient,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { prices } from '../../infra/cost/prices.ts';
import type { Item } from '../../shared/adapters/dynamodb/stored-item.ts';
import type { Table } from '../../shared/adapters/dynamodb/table.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import { permitted } from './aws-call.ts';

/** The cost of the reads of a command. */
export interface ReadCost {
  /** Answers of the tables, each a page of a query or scan, or up to 100 items by key. */
  readonly pages: number;
  /** Read units, as DynamoDB charges them. */
  readonly units: number;
  /** At the list price of us-east-1. */
  readonly usd: number;
}

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
      for (const capacity of [consumed ?? []].flat())
        if ('CapacityUnits' in capacity) units += capacity.CapacityUnits ?? 0;
      return answer;
    },
    { step: 'initialize', name: 'meterReads' },
  );
  return () => ({ pages, units, usd: toReadUsd(units) });
}

/** `Read 10,045 pages, 507,354 read units: about $0.06.` */
export function toCostText({ pages, units, usd }: ReadCost): string {
  return `Read ${toCountText(pages, 'page')}, ${toCountText(Math.ceil(units), 'read unit')}: ${toDollars(usd)}.`;
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

/** Returns what read units cost at the list price of us-east-1. */
export function toReadUsd(units: number): number {
  return (units / prices.tableReads.per) * prices.tableReads.usd;
}

/** `about $0.06` */
export function toDollars(usd: number): string {
  return usd < 0.01 ? 'less than $0.01' : `about $${usd.toFixed(2)}`;
}
